repo system 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: b 1 1 x86_64
#>=Prv: b = 1-1
#>=Prv: e = 2-2
#>=Pkg: d 2 2 x86_64
#>=Prv: d = 2-2
#>=Prv: w = 3-1
#>=Req: e
#>=Rec: d = 3-1
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: c 2 1 i686
#>=Prv: c = 2-1
#>=Prv: d = 2-1
#>=Req: d
#>=Sug: a
#>=Vnd: one
#>=Pkg: a 2 1 noarch
#>=Prv: a = 2-1
#>=Req: d < 2
#>=Pkg: d 1 1 x86_64
#>=Prv: d = 1-1
#>=Rec: c
#>=Vnd: one
#>=Pkg: c 2 2 i686
#>=Prv: c = 2-2
#>=Pkg: c 2 2 x86_64
#>=Prv: c = 2-2
#>=Prv: v
#>=Req: b <= 3-1
#>=Pkg: a 2 2 i686
#>=Prv: a = 2-2
#>=Req: f
#>=Req: c <= 3
#>=Sup: c > 1
#>=Vnd: two
#>=Pkg: f 2 2 i686
#>=Prv: f = 2-2
#>=Obs: d <= 2-2
#>=Pkg: d 2 1 x86_64
#>=Prv: d = 2-1
#>=Prv: v
#>=Req: e
#>=Req: w
#>=Pkg: a 2 1 i686
#>=Prv: a = 2-1
#>=Req: d > 1
#>=Sup: c = 3-1
#>=Pkg: b 2 2 i686
#>=Prv: b = 2-2
#>=Req: w = 3
#>=Pkg: f 2 2 noarch
#>=Prv: f = 2-2
#>=Req: d
#>=Vnd: two
repo other -1 testtags <inline>
#>=Ver: 3.0
#>=Pkg: a 3 1 noarch
#>=Prv: a = 3-1
#>=Prv: w
#>=Con: w
#>=Pkg: e 2 1 noarch
#>=Prv: e = 2-1
#>=Req: w
#>=Req: f
#>=Pkg: d 3 1 x86_64
#>=Prv: d = 3-1
#>=Req: v > 1-1
#>=Rec: v
#>=Vnd: one
#>=Pkg: e 1 1 noarch
#>=Prv: e = 1-1
#>=Sup: b
#>=Enh: d + f >= 2-1
#>=Vnd: two
#>=Pkg: f 2 2 i686
#>=Prv: f = 2-2
#>=Prv: w
system x86_64 rpm system
solverflags noupdateprovide
job erase oneof b-2-2.i686@available e-2-1.noarch@other [notbyuser]
job lock pkg d-1-1.x86_64@available [essential]
job install name e
job update all packages
result transaction,problems <inline>
#>install e-1-1.noarch@other
nextjob
disable pkg d-2-2.x86_64@system
job droporphaned name d [notbyuser]
job update all packages
result transaction,problems <inline>

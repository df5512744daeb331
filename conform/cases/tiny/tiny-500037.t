repo system 0 testtags <inline>
#>=Ver: 3.0
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: f 2 1 x86_64
#>=Prv: f = 2-1
#>=Prv: a = 1-1
#>=Req: a
#>=Req: w
#>=Con: b
#>=Pkg: a 1 1 noarch
#>=Prv: a = 1-1
#>=Prv: v = 3-1
#>=Req: c
#>=Rec: v < 1-1
#>=Pkg: d 1 1 i686
#>=Prv: d = 1-1
#>=Vnd: two
#>=Pkg: b 3 1 x86_64
#>=Prv: b = 3-1
#>=Req: v
#>=Pkg: f 3 1 noarch
#>=Prv: f = 3-1
#>=Prv: v
#>=Req: b = 2
#>=Sug: e < 2
#>=Pkg: e 1 1 noarch
#>=Prv: e = 1-1
#>=Req: d
#>=Req: e >= 2-2
#>=Vnd: two
repo other 1 testtags <inline>
#>=Ver: 3.0
#>=Pkg: a 3 1 x86_64
#>=Prv: a = 3-1
#>=Pkg: e 1 1 x86_64
#>=Prv: e = 1-1
#>=Prv: w
#>=Req: d
#>=Pkg: c 2 2 x86_64
#>=Prv: c = 2-2
#>=Rec: d
#>=Pkg: b 2 1 x86_64
#>=Prv: b = 2-1
#>=Prv: w
#>=Pkg: d 2 1 noarch
#>=Prv: d = 2-1
#>=Req: d
#>=Sug: e
system x86_64 rpm system
disable pkg a-3-1.x86_64@other
job erase repo available
job favor name a >= 2-2 [setvendor]
job update provides f [cleandeps]
job update name a > 2 [setrepo]
result transaction,problems <inline>
nextjob
solverflags noupdateprovide needupdateprovide breakorphans
job verify pkg e-1-1.x86_64@other
job install provides w <= 1 [notbyuser]
job allowuninstall repo available
job install name d <= 1-1
result transaction,problems <inline>
#>install b-2-1.x86_64@other
#>install d-1-1.i686@available

repo system 0 testtags <inline>
#>=Ver: 3.0
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: f 2 1 noarch
#>=Prv: f = 2-1
#>=Req: w > 2-2
#>=Req: v
#>=Con: f & w >= 2-2
#>=Rec: a <= 1-1
#>=Pkg: e 2 2 noarch
#>=Prv: e = 2-2
#>=Sup: d >= 2-1
#>=Vnd: two
#>=Pkg: e 2 1 noarch
#>=Prv: e = 2-1
#>=Prv: v = 2-1
#>=Pkg: f 2 2 noarch
#>=Prv: f = 2-2
#>=Prv: d = 2-1
#>=Req: v > 1
#>=Rec: e = 2-2 <UNLESS> c < 2-1
#>=Pkg: d 2 1 noarch
#>=Prv: d = 2-1
#>=Req: f
#>=Pkg: a 3 1 noarch
#>=Prv: a = 3-1
#>=Req: b <= 1
#>=Pkg: a 1 1 noarch
#>=Prv: a = 1-1
#>=Req: f
#>=Pkg: b 2 1 noarch
#>=Prv: b = 2-1
#>=Pkg: c 2 1 noarch
#>=Prv: c = 2-1
#>=Req: e <= 1-1
#>=Req: b
#>=Vnd: one
system x86_64 rpm system
disable pkg d-2-1.noarch@available
solverflags !dupallownamechange
job update repo available [essential]
job install provides f >= 2
job install provides b
job droporphaned name c
result transaction,problems <inline>
#>install b-2-1.noarch@available
#>install e-2-1.noarch@available
#>install f-2-2.noarch@available
nextjob
solverflags ignorerecommended
job install pkg b-2-1.noarch@available [setvendor]
job update name c <= 2-1 [forcebest]
job update name a
job distupgrade provides c < 1-1
result transaction,problems <inline>
#>install b-2-1.noarch@available

repo system 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: c 2 1 noarch
#>=Prv: c = 2-1
#>=Req: f < 2-1
#>=Pkg: e 2 1 noarch
#>=Prv: e = 2-1
#>=Prv: v = 2-1
#>=Req: a
#>=Rec: a = 1-1
#>=Vnd: one
#>=Pkg: d 2 1 x86_64
#>=Prv: d = 2-1
#>=Req: d >= 3-1
#>=Con: d >= 3-1
#>=Vnd: two
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: f 1 1 i686
#>=Prv: f = 1-1
#>=Req: c <= 2-1
#>=Req: c > 2-1 <IF> (w <ELSE> b)
#>=Obs: e = 3
#>=Pkg: c 2 2 i686
#>=Prv: c = 2-2
#>=Prv: w
#>=Prv: a = 2-1
#>=Req: f
#>=Req: f
#>=Obs: b
#>=Enh: f < 3
#>=Pkg: e 1 1 i686
#>=Prv: e = 1-1
#>=Rec: w
#>=Vnd: two
#>=Pkg: f 2 2 i686
#>=Prv: f = 2-2
#>=Req: f
#>=Req: w >= 1
#>=Pkg: a 2 1 x86_64
#>=Prv: a = 2-1
#>=Vnd: one
#>=Pkg: e 2 1 i686
#>=Prv: e = 2-1
#>=Req: a = 2-2
#>=Vnd: two
#>=Pkg: e 2 1 noarch
#>=Prv: e = 2-1
#>=Req: a > 1-1
#>=Pkg: d 3 1 x86_64
#>=Prv: d = 3-1
#>=Req: e <= 2 - v
#>=Req: b
#>=Obs: e >= 2-1
#>=Pkg: b 3 1 x86_64
#>=Prv: b = 3-1
#>=Prv: d = 2-2
system x86_64 rpm system
job install provides v <= 1 [orupdate]
job update pkg e-2-1.noarch@system
job distupgrade oneof c-2-1.noarch@system e-2-1.noarch@system
result transaction,problems <inline>
#>change e-2-1.noarch@system e-2-1.noarch@available
#>install f-2-2.i686@available
#>problem c43b1300 info nothing provides requested v <= 1
#>problem c43b1300 solution 2d28ae97 deljob install provides v <= 1 [orupdate]
#>upgrade c-2-1.noarch@system c-2-2.i686@available
nextjob
solverflags bestobeypolicy ignorerecommended
job verify oneof e-2-1.i686@available b-3-1.x86_64@available [setevr]
job lock name e <= 3-1
result transaction,problems <inline>

repo system 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: f 3 1 i686
#>=Prv: f = 3-1
#>=Req: d
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: b 3 1 noarch
#>=Prv: b = 3-1
#>=Sug: e
#>=Pkg: e 3 1 i686
#>=Prv: e = 3-1
#>=Prv: a = 3-1
#>=Req: a = 1-1
#>=Rec: f = 2
#>=Pkg: f 2 2 noarch
#>=Prv: f = 2-2
#>=Prv: w = 1-1
#>=Enh: w <= 1-1
#>=Vnd: one
#>=Pkg: e 1 1 i686
#>=Prv: e = 1-1
#>=Req: d = 3-1
#>=Pkg: c 1 1 x86_64
#>=Prv: c = 1-1
#>=Prv: d = 3-1
#>=Req: e < 3-1
#>=Req: e = 3
system x86_64 rpm system
solverflags keeporphans
job install provides v > 3-1
job distupgrade name v > 1
job erase pkg e-3-1.i686@available [forcebest]
result transaction,problems <inline>
#>problem c43b1300 info nothing provides requested v > 3-1
#>problem c43b1300 solution 8544c532 deljob install provides v > 3-1
nextjob
job distupgrade provides (w <= 1-1 | a < 3) <IF> (w = 1 <ELSE> c >= 2)
job install pkg c-1-1.x86_64@available
job install provides c [forcebest]
result transaction,problems <inline>
#>downgrade f-3-1.i686@system f-2-2.noarch@available
#>problem ad1b6ba2 info package c-1-1.x86_64 requires e = 3, but none of the providers can be installed
#>problem ad1b6ba2 info package c-1-1.x86_64 requires e = 3, but none of the providers can be installed
#>problem ad1b6ba2 solution 04dcc1be deljob install provides c [forcebest]
#>problem ad1b6ba2 solution 2ca3d53d deljob install pkg c-1-1.x86_64@available

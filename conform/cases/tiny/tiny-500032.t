repo system 0 testtags <inline>
#>=Ver: 3.0
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: a 1 1 x86_64
#>=Prv: a = 1-1
#>=Req: c
#>=Pkg: b 2 1 x86_64
#>=Prv: b = 2-1
#>=Req: a
#>=Pkg: b 1 1 i686
#>=Prv: b = 1-1
#>=Req: a > 1-1
#>=Pkg: b 1 1 x86_64
#>=Prv: b = 1-1
#>=Prv: v = 2-1
#>=Req: a | v
#>=Pkg: a 2 1 noarch
#>=Prv: a = 2-1
#>=Prv: c = 1-1
#>=Req: f
#>=Con: d
#>=Obs: f
#>=Vnd: one
#>=Pkg: c 3 1 x86_64
#>=Prv: c = 3-1
system x86_64 rpm system
solverflags strongrecommends keeporphans
job install repo available
job erase name e
job droporphaned oneof a-2-1.noarch@available a-1-1.x86_64@available
job favor name c [forcebest]
result transaction,problems <inline>
#>problem c43b1300 info unsupported request
#>problem c43b1300 solution 8e623fdd deljob install repo available
nextjob
job weakendeps provides b [setvendor]
job install name v < 3
job install name e < 3-1
job distupgrade all packages [weak]
result transaction,problems <inline>
#>problem c43b1300 info package e < 3-1 does not exist
#>problem c43b1300 info package v < 3 does not exist
#>problem c43b1300 solution 8330ce43 deljob install name v < 3
#>problem c43b1300 solution 942678f5 deljob install name e < 3-1

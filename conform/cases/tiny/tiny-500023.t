repo system 0 testtags <inline>
#>=Ver: 3.0
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: f 1 1 x86_64
#>=Prv: f = 1-1
#>=Prv: v
#>=Con: d
#>=Pkg: d 1 1 x86_64
#>=Prv: d = 1-1
#>=Con: c
#>=Rec: w > 3-1
#>=Pkg: a 3 1 i686
#>=Prv: a = 3-1
#>=Prv: v = 2-2
#>=Con: b
#>=Vnd: two
#>=Pkg: a 1 1 x86_64
#>=Prv: a = 1-1
#>=Req: a
#>=Pkg: c 2 1 i686
#>=Prv: c = 2-1
#>=Req: d
#>=Req: c = 2-1
#>=Pkg: b 2 2 i686
#>=Prv: b = 2-2
#>=Req: e
system i686 rpm system
poolflags implicitobsoleteusesprovides
job install pkg c-2-1.i686@available
job install name w >= 1-1
result transaction,problems <inline>
#>problem 22c65cdc info nothing provides d needed by c-2-1.i686
#>problem 22c65cdc solution 5ec9f47b deljob install pkg c-2-1.i686@available
#>problem c43b1300 info package w >= 1-1 does not exist
#>problem c43b1300 solution 3df9619e deljob install name w >= 1-1
nextjob
solverflags keepexplicitobsoletes allowuninstall !dupallowdowngrade
job update repo available [setevr]
job userinstalled name a
result transaction,problems <inline>

repo system 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: a 2 1 noarch
#>=Prv: a = 2-1
#>=Req: f = 2-1
#>=Pkg: a 1 1 i686
#>=Prv: a = 1-1
#>=Req: b >= 3
#>=Req: d < 3
#>=Rec: d >= 3-1
#>=Pkg: b 3 1 x86_64
#>=Prv: b = 3-1
#>=Prv: v
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: b 2 1 i686
#>=Prv: b = 2-1
#>=Req: v
#>=Obs: c
#>=Enh: e - e
#>=Pkg: f 2 2 noarch
#>=Prv: f = 2-2
system x86_64 rpm system
poolflags implicitobsoleteusescolors
solverflags keepexplicitobsoletes !allownamechange
job install name w [setevr]
job install provides c
result transaction,problems <inline>
#>problem c43b1300 info nothing provides requested c
#>problem c43b1300 info package w does not exist
#>problem c43b1300 solution 8d6c298c deljob install name w [setevr]
#>problem c43b1300 solution f5e27ead deljob install provides c
nextjob
job favor name d
result transaction,problems <inline>

repo system 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: a 1 1 noarch
#>=Prv: a = 1-1
#>=Pkg: f 1 1 x86_64
#>=Prv: f = 1-1
#>=Prv: v = 2-1
#>=Req: b
#>=Req: v <= 3
#>=Obs: b
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: c 1 1 i686
#>=Prv: c = 1-1
#>=Vnd: one
#>=Pkg: e 3 1 noarch
#>=Prv: e = 3-1
#>=Prv: b = 1-1
#>=Req: a >= 3-1
#>=Req: (d > 1-1 | d) <IF> ((v < 3-1 | w) <ELSE> e)
#>=Rec: v >= 2-2
#>=Pkg: d 1 1 noarch
#>=Prv: d = 1-1
#>=Req: w <= 1
#>=Rec: (f & w) <UNLESS> e
#>=Pkg: e 2 2 noarch
#>=Prv: e = 2-2
#>=Prv: e = 1-1
#>=Req: v
#>=Sup: v >= 1-1
#>=Pkg: e 1 1 i686
#>=Prv: e = 1-1
#>=Req: b
#>=Vnd: one
#>=Pkg: c 2 1 x86_64
#>=Prv: c = 2-1
#>=Req: a
#>=Sup: e = 2-2
#>=Vnd: two
system i686 rpm system
job distupgrade provides c < 2-2 <UNLESS> (w | w = 2-1) [targeted]
job update all packages
job install name b < 3-1
result transaction,problems <inline>
#>problem c43b1300 info package b < 3-1 does not exist
#>problem c43b1300 solution 17ef3a4a deljob install name b < 3-1
nextjob
solverflags !allownamechange focusnew !dupallowdowngrade
job excludefromweak name w
job install name f <= 2-2
job install provides w < 2-1 [forcebest]
job update all packages
result transaction,problems <inline>
#>problem c43b1300 info nothing provides requested w < 2-1
#>problem c43b1300 solution d34f76fc deljob install provides w < 2-1 [forcebest]

repo system 0 testtags <inline>
#>=Ver: 3.0
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: e 1 1 noarch
#>=Prv: e = 1-1
#>=Req: w
#>=Pkg: a 1 1 noarch
#>=Prv: a = 1-1
#>=Req: d > 1-1
#>=Req: v = 1
#>=Obs: e = 3
#>=Rec: a > 2-2
#>=Vnd: one
#>=Pkg: c 2 2 noarch
#>=Prv: c = 2-2
#>=Sup: b >= 2-2 & (b <IF> (c <ELSE> v))
#>=Pkg: b 2 1 noarch
#>=Prv: b = 2-1
#>=Prv: e = 1-1
#>=Req: e <= 2
#>=Con: d >= 2-1
#>=Pkg: d 2 2 noarch
#>=Prv: d = 2-2
#>=Req: b
#>=Req: e <= 2
system x86_64 rpm system
solverflags strongrecommends
job verify name f < 1-1 [weak]
job install name f
job lock pkg e-1-1.noarch@available [essential]
result transaction,problems <inline>
#>problem c43b1300 info package f does not exist
#>problem c43b1300 solution 93ab9773 deljob install name f
nextjob
job disfavor provides e >= 1
result transaction,problems <inline>

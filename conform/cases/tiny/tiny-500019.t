repo system 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: a 2 2 noarch
#>=Prv: a = 2-2
#>=Prv: w = 3-1
#>=Prv: c = 2-1
#>=Req: e > 2
#>=Con: a
#>=Rec: a > 2-2
#>=Sug: b > 3-1
#>=Pkg: d 3 1 noarch
#>=Prv: d = 3-1
#>=Prv: a = 2-2
#>=Req: f
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: c 2 2 noarch
#>=Prv: c = 2-2
#>=Rec: a | v >= 2
#>=Pkg: d 3 1 noarch
#>=Prv: d = 3-1
#>=Prv: e = 3-1
#>=Sug: b
#>=Pkg: e 2 1 noarch
#>=Prv: e = 2-1
#>=Prv: w
#>=Req: e < 2-2 <UNLESS> f <= 2
#>=Vnd: one
#>=Pkg: f 2 1 noarch
#>=Prv: f = 2-1
#>=Vnd: one
#>=Pkg: b 2 2 noarch
#>=Prv: b = 2-2
#>=Sup: b = 3
#>=Pkg: e 2 2 noarch
#>=Prv: e = 2-2
#>=Prv: e = 3-1
#>=Req: d < 2-2
#>=Vnd: two
#>=Pkg: a 2 1 noarch
#>=Prv: a = 2-1
#>=Req: a > 3 <UNLESS> (a <IF> (d <ELSE> a = 3-1))
#>=Sug: c < 2-2 | c
system i686 rpm system
solverflags keeporphans
job weakendeps provides f < 2-2 [weak]
job update pkg a-2-1.noarch@available
job install oneof a-2-1.noarch@available f-2-1.noarch@available
job weakendeps name a < 2-2 [setvendor]
result transaction,problems <inline>
#>install f-2-1.noarch@available
nextjob
solverflags !dupallowvendorchange
job install name e < 2-1
result transaction,problems <inline>
#>problem c43b1300 info package e < 2-1 does not exist
#>problem c43b1300 solution b6fe5650 deljob install name e < 2-1

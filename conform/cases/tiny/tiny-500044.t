repo system 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: e 3 1 noarch
#>=Prv: e = 3-1
#>=Prv: v
#>=Req: a = 3
#>=Pkg: c 2 1 noarch
#>=Prv: c = 2-1
#>=Req: c > 2-1
#>=Vnd: one
#>=Pkg: f 2 1 noarch
#>=Prv: f = 2-1
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: d 1 1 noarch
#>=Prv: d = 1-1
#>=Prv: v
#>=Req: a
#>=Req: a
#>=Con: c
#>=Rec: b
#>=Pkg: e 1 1 noarch
#>=Prv: e = 1-1
#>=Prv: v
#>=Req: d < 3
#>=Obs: b
#>=Pkg: d 2 1 noarch
#>=Prv: d = 2-1
#>=Sug: f = 1-1
#>=Pkg: c 1 1 noarch
#>=Prv: c = 1-1
#>=Pkg: c 2 2 noarch
#>=Prv: c = 2-2
repo other 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: b 2 2 noarch
#>=Prv: b = 2-2
#>=Prv: v = 2-1
#>=Enh: f <= 2-2
#>=Pkg: b 3 1 noarch
#>=Prv: b = 3-1
system x86_64 rpm system
job install pkg e-3-1.noarch@system
job install name w = 2-1
result transaction,problems <inline>
#>problem c43b1300 info package w = 2-1 does not exist
#>problem c43b1300 solution a943d490 deljob install name w = 2-1
nextjob
solverflags allowdowngrade needupdateprovide
job update all packages
job install name e
job install name w <= 1-1 [notbyuser]
result transaction,problems <inline>
#>problem c43b1300 info package w <= 1-1 does not exist
#>problem c43b1300 solution 872099ae deljob install name w <= 1-1 [notbyuser]

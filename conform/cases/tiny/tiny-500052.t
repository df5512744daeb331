repo system 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: d 1 1 noarch
#>=Prv: d = 1-1
#>=Req: w
#>=Req: e > 2
#>=Rec: b <= 3
#>=Sup: c = 2-1
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: a 1 1 noarch
#>=Prv: a = 1-1
#>=Con: a <= 2-2
#>=Rec: b > 1-1
#>=Pkg: e 1 1 noarch
#>=Prv: e = 1-1
#>=Req: a
#>=Req: f >= 1-1 & v = 2
#>=Con: b > 3-1
#>=Pkg: c 1 1 noarch
#>=Prv: c = 1-1
#>=Sug: w > 3-1
#>=Pkg: f 2 2 noarch
#>=Prv: f = 2-2
#>=Req: e <= 2-2
#>=Obs: c
#>=Enh: b <= 3-1
#>=Pkg: d 2 2 noarch
#>=Prv: d = 2-2
#>=Con: c
#>=Sug: f <= 1
#>=Pkg: e 3 1 noarch
#>=Prv: e = 3-1
#>=Req: e <= 3-1
#>=Vnd: two
system unset rpm system
solverflags keepexplicitobsoletes focusbest
job install pkg a-1-1.noarch@available
job distupgrade name d
job install name a = 2
result transaction,problems <inline>
#>install a-1-1.noarch@available
#>problem c43b1300 info package a = 2 does not exist
#>problem c43b1300 solution 60378d24 deljob install name a = 2
#>upgrade d-1-1.noarch@system d-2-2.noarch@available
nextjob
solverflags focusnew
job update all packages [orupdate]
job install name v <= 3-1 [weak]
job install name b
job install name e = 1-1
result transaction,problems <inline>
#>problem 782f9051 info nothing provides (f >= 1-1 and v = 2) needed by e-1-1.noarch
#>problem 782f9051 solution 9dd8d284 deljob install name e = 1-1
#>problem c43b1300 info package b does not exist
#>problem c43b1300 solution e98e1a37 deljob install name b
#>upgrade d-1-1.noarch@system d-2-2.noarch@available

repo system 0 testtags <inline>
#>=Ver: 3.0
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: b 3 1 noarch
#>=Prv: b = 3-1
#>=Pkg: d 3 1 noarch
#>=Prv: d = 3-1
#>=Vnd: two
#>=Pkg: e 2 2 i686
#>=Prv: e = 2-2
#>=Prv: d = 2-1
#>=Req: a <= 2-2
#>=Pkg: d 2 2 noarch
#>=Prv: d = 2-2
#>=Req: c
#>=Pkg: c 1 1 x86_64
#>=Prv: c = 1-1
#>=Vnd: two
#>=Pkg: b 2 1 noarch
#>=Prv: b = 2-1
#>=Prv: w = 1-1
#>=Req: d = 2-2
#>=Con: b < 2-1
#>=Sup: e = 1-1
#>=Vnd: one
#>=Pkg: e 3 1 x86_64
#>=Prv: e = 3-1
#>=Sup: b < 3-1
#>=Vnd: two
system i686 rpm system
poolflags implicitobsoleteusesprovides
disable pkg e-2-2.i686@available
solverflags allowvendorchange
job allowuninstall pkg d-2-2.noarch@available
job install name b = 2
job weakendeps name b < 2
job install name e
result transaction,problems <inline>
#>problem 6f64f4af info nothing provides c needed by d-2-2.noarch
#>problem 6f64f4af solution 90ca47e9 deljob install name b = 2
#>problem c43b1300 info package e does not exist
#>problem c43b1300 solution 4aa15d76 deljob install name e
nextjob
solverflags bestobeypolicy !dupallowvendorchange focusbest
job multiversion provides d <= 2
result transaction,problems <inline>

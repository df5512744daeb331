repo system 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: b 2 2 i686
#>=Prv: b = 2-2
#>=Req: f
#>=Sug: w <= 1-1
#>=Sup: d <= 1-1
#>=Pkg: d 2 1 x86_64
#>=Prv: d = 2-1
#>=Rec: d
#>=Pkg: f 2 2 x86_64
#>=Prv: f = 2-2
#>=Req: b >= 1-1
#>=Sup: w
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: c 1 1 noarch
#>=Prv: c = 1-1
#>=Req: b >= 1-1
#>=Pkg: b 3 1 noarch
#>=Prv: b = 3-1
#>=Sug: e <= 1-1
#>=Pkg: e 2 2 i686
#>=Prv: e = 2-2
#>=Req: a = 3-1
#>=Con: e <= 2-2
#>=Pkg: f 2 1 noarch
#>=Prv: f = 2-1
#>=Req: a
#>=Con: f <= 1
#>=Pkg: c 3 1 x86_64
#>=Prv: c = 3-1
#>=Prv: e = 2-1
#>=Req: e < 1-1
#>=Pkg: b 2 2 i686
#>=Prv: b = 2-2
#>=Req: c = 3
#>=Req: w <= 2
#>=Pkg: e 2 1 noarch
#>=Prv: e = 2-1
#>=Req: e
#>=Vnd: two
#>=Pkg: d 3 1 noarch
#>=Prv: d = 3-1
#>=Prv: w
#>=Req: c >= 3-1
repo other -1 testtags <inline>
#>=Ver: 3.0
#>=Pkg: d 2 1 i686
#>=Prv: d = 2-1
#>=Req: w
#>=Pkg: c 2 1 x86_64
#>=Prv: c = 2-1
#>=Prv: w
#>=Req: f
#>=Pkg: d 1 1 noarch
#>=Prv: d = 1-1
#>=Req: f
#>=Pkg: e 2 1 x86_64
#>=Prv: e = 2-1
#>=Prv: v = 1-1
#>=Req: d
#>=Req: a <= 2-1
#>=Pkg: e 2 2 noarch
#>=Prv: e = 2-2
system i686 rpm system
solverflags focusinstalled
job install name b <= 2 [setrepo]
job lock name w [setarch]
job weakendeps name v
job install provides e [weak]
result transaction,problems <inline>
#>install e-2-1.noarch@available
nextjob
disable pkg d-2-1.x86_64@system
solverflags allowarchchange focusbest
job install provides f [orupdate]
job install name c [targeted]
job install name e >= 2
job distupgrade all packages
result transaction,problems <inline>
#>install c-1-1.noarch@available
#>install e-2-1.noarch@available
#>problem 0e5ff7db info nothing provides a needed by f-2-1.noarch
#>problem 0e5ff7db solution 0225b38e allow f-2-2.x86_64@system
#>problem 0e5ff7db solution 4067b8d9 deljob install provides f [orupdate]
#>problem 0e5ff7db solution 4067b8d9 erase f-2-2.x86_64@system
#>upgrade b-2-2.i686@system b-3-1.noarch@available

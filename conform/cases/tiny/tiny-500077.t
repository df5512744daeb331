repo system 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: a 2 1 noarch
#>=Prv: a = 2-1
#>=Vnd: two
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: d 1 1 noarch
#>=Prv: d = 1-1
#>=Req: a
#>=Req: d > 2-2
#>=Pkg: a 2 2 noarch
#>=Prv: a = 2-2
#>=Req: w >= 1
#>=Obs: e >= 1-1
#>=Rec: e
#>=Pkg: d 2 1 noarch
#>=Prv: d = 2-1
#>=Rec: b
#>=Pkg: a 1 1 noarch
#>=Prv: a = 1-1
#>=Req: c <= 1
#>=Pkg: a 2 1 noarch
#>=Prv: a = 2-1
#>=Req: d < 3-1
#>=Obs: c
#>=Vnd: two
#>=Pkg: e 2 2 noarch
#>=Prv: e = 2-2
#>=Pkg: c 3 1 noarch
#>=Prv: c = 3-1
#>=Pkg: e 1 1 noarch
#>=Prv: e = 1-1
#>=Prv: c = 2-2
#>=Vnd: one
repo other 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: a 1 1 noarch
#>=Prv: a = 1-1
#>=Req: d = 2-2
system unset rpm system
disable pkg a-2-2.noarch@available
solverflags focusinstalled
job distupgrade pkg a-2-2.noarch@available [targeted]
job allowuninstall repo available
job multiversion name c
job install oneof a-1-1.noarch@available d-2-1.noarch@available
result transaction,problems <inline>
#>install d-2-1.noarch@available
nextjob
solverflags yumobsoletes focusinstalled
job update oneof a-2-1.noarch@system d-2-1.noarch@available [setarch]
job distupgrade all packages
job install repo available [setvendor]
job update name d > 3-1
result transaction,problems <inline>
#>change a-2-1.noarch@system a-2-1.noarch@available
#>install d-2-1.noarch@available
#>problem c43b1300 info unsupported request
#>problem c43b1300 solution 7c7786ea deljob install repo available [setvendor]

repo system 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: e 2 1 noarch
#>=Prv: e = 2-1
#>=Sug: v >= 1-1
#>=Vnd: two
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: e 2 2 noarch
#>=Prv: e = 2-2
#>=Sug: f
#>=Vnd: two
#>=Pkg: a 2 2 noarch
#>=Prv: a = 2-2
#>=Req: e >= 2-1
#>=Pkg: f 3 1 noarch
#>=Prv: f = 3-1
#>=Prv: v = 1-1
#>=Pkg: d 2 1 noarch
#>=Prv: d = 2-1
#>=Req: w > 3
#>=Pkg: c 3 1 noarch
#>=Prv: c = 3-1
#>=Req: e
#>=Obs: c > 2-1
#>=Rec: (d <IF> (d = 2-1 <ELSE> d >= 2-1)) | v = 2
#>=Pkg: d 2 2 noarch
#>=Prv: d = 2-2
#>=Prv: f = 2-1
#>=Req: a
#>=Rec: w
#>=Pkg: e 1 1 noarch
#>=Prv: e = 1-1
#>=Prv: b = 2-1
#>=Req: a
#>=Req: c = 3
#>=Rec: a
#>=Pkg: e 3 1 noarch
#>=Prv: e = 3-1
#>=Prv: v
#>=Con: c >= 2-1
#>=Vnd: two
#>=Pkg: c 2 2 noarch
#>=Prv: c = 2-2
#>=Req: a = 3-1
#>=Obs: b
#>=Rec: f
#>=Pkg: a 1 1 noarch
#>=Prv: a = 1-1
#>=Prv: f = 1-1
#>=Req: w <UNLESS> a
#>=Vnd: one
system x86_64 rpm system
poolflags forbidselfconflicts
solverflags noinfarchcheck !dupallowdowngrade
job weakendeps name a
job update name e
job update all packages
job install provides f [setvendor]
result transaction,problems <inline>
#>install f-3-1.noarch@available
#>upgrade e-2-1.noarch@system e-3-1.noarch@available
nextjob
solverflags noinfarchcheck needupdateprovide
job install pkg e-1-1.noarch@available [orupdate]
result transaction,problems <inline>
#>problem 9bda4962 info nothing provides (w unless a) needed by a-1-1.noarch
#>problem 9bda4962 solution 742f185a deljob install pkg e-1-1.noarch@available [orupdate]

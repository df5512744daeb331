repo system 0 testtags <inline>
#>=Ver: 3.0
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: a 3 1 noarch
#>=Prv: a = 3-1
#>=Req: b < 1-1
#>=Req: v
#>=Pkg: a 1 1 noarch
#>=Prv: a = 1-1
#>=Prv: v
#>=Obs: b
#>=Sug: w < 1-1 + w > 3-1
#>=Pkg: e 1 1 noarch
#>=Prv: e = 1-1
#>=Prv: e = 3-1
#>=Req: e + f > 1-1
#>=Pkg: b 3 1 noarch
#>=Prv: b = 3-1
#>=Prv: e = 2-2
#>=Req: b >= 1-1
#>=Req: a = 2-1
#>=Con: a = 3-1
#>=Pkg: b 1 1 noarch
#>=Prv: b = 1-1
#>=Vnd: two
#>=Pkg: a 2 1 noarch
#>=Prv: a = 2-1
#>=Prv: v = 3-1
#>=Req: b
#>=Pkg: d 2 1 noarch
#>=Prv: d = 2-1
#>=Rec: d <= 1-1
repo other 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: b 2 1 noarch
#>=Prv: b = 2-1
#>=Req: e <= 2-1
#>=Pkg: f 1 1 noarch
#>=Prv: f = 1-1
#>=Req: c
#>=Req: c = 3-1
#>=Pkg: c 1 1 noarch
#>=Prv: c = 1-1
#>=Con: v
#>=Obs: c <= 1-1
#>=Sug: a
#>=Pkg: b 2 2 noarch
#>=Prv: b = 2-2
#>=Req: d
#>=Pkg: d 1 1 noarch
#>=Prv: d = 1-1
#>=Req: b <= 3
#>=Pkg: b 1 1 noarch
#>=Prv: b = 1-1
#>=Vnd: one
system x86_64 rpm system
solverflags allowvendorchange focusnew !allownamechange
job install pkg c-1-1.noarch@other
job update all packages
job droporphaned oneof d-2-1.noarch@available c-1-1.noarch@other [setrepo]
result transaction,problems <inline>
#>install c-1-1.noarch@other
nextjob
job distupgrade name v >= 1 [setevr]
job install pkg b-2-1.noarch@other [setarch]
job distupgrade all packages [weak]
job disfavor name b >= 1-1 [orupdate]
result transaction,problems <inline>
#>problem 43115772 info nothing provides (e with f > 1-1) needed by e-1-1.noarch
#>problem 43115772 solution f35cac25 deljob install pkg b-2-1.noarch@other [setarch]

repo system 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: c 1 1 x86_64
#>=Prv: c = 1-1
#>=Req: a
#>=Pkg: b 3 1 i686
#>=Prv: b = 3-1
#>=Req: c
#>=Vnd: one
#>=Pkg: c 1 1 noarch
#>=Prv: c = 1-1
#>=Prv: w = 2-1
#>=Req: f = 1-1
#>=Rec: a < 2-1
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: f 2 1 noarch
#>=Prv: f = 2-1
#>=Obs: d >= 2-2
#>=Pkg: a 2 1 i686
#>=Prv: a = 2-1
#>=Req: f
#>=Con: a
#>=Pkg: c 2 2 noarch
#>=Prv: c = 2-2
#>=Prv: v
#>=Req: w
#>=Req: d
#>=Vnd: two
#>=Pkg: d 1 1 x86_64
#>=Prv: d = 1-1
#>=Req: e > 2
#>=Req: c
#>=Obs: d >= 1-1
#>=Rec: b < 1
#>=Vnd: two
#>=Pkg: f 3 1 noarch
#>=Prv: f = 3-1
#>=Req: c
#>=Req: b
#>=Pkg: c 1 1 i686
#>=Prv: c = 1-1
#>=Pkg: b 2 2 i686
#>=Prv: b = 2-2
#>=Req: d <= 1-1
repo other 1 testtags <inline>
#>=Ver: 3.0
#>=Pkg: c 3 1 noarch
#>=Prv: c = 3-1
#>=Req: c
#>=Pkg: b 1 1 noarch
#>=Prv: b = 1-1
#>=Req: b
#>=Obs: a
#>=Pkg: f 2 2 noarch
#>=Prv: f = 2-2
#>=Con: w > 1-1
#>=Pkg: b 2 2 noarch
#>=Prv: b = 2-2
#>=Prv: v = 2-1
#>=Req: b < 2-1
#>=Req: w
#>=Sup: c + c <= 1-1
system i686 rpm system
poolflags whatprovideswithdisabled
disable pkg b-1-1.noarch@other
solverflags noinfarchcheck
job userinstalled provides b
job weakendeps name w [essential]
job verify all packages
result transaction,problems <inline>
#>upgrade c-1-1.noarch@system c-3-1.noarch@other
#>upgrade c-1-1.x86_64@system c-3-1.noarch@other
nextjob
job install name v
result transaction,problems <inline>
#>problem c43b1300 info package v does not exist
#>problem c43b1300 solution 8203a89f deljob install name v

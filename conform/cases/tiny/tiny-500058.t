repo system 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: c 3 1 noarch
#>=Prv: c = 3-1
#>=Prv: w = 3-1
#>=Req: v
#>=Pkg: d 3 1 noarch
#>=Prv: d = 3-1
#>=Con: v
#>=Rec: e
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: c 2 2 noarch
#>=Prv: c = 2-2
#>=Vnd: two
#>=Pkg: e 2 1 noarch
#>=Prv: e = 2-1
#>=Prv: v
#>=Req: a > 1-1
#>=Req: e
#>=Con: e
#>=Pkg: a 1 1 noarch
#>=Prv: a = 1-1
#>=Prv: e = 1-1
#>=Pkg: d 2 1 noarch
#>=Prv: d = 2-1
#>=Prv: d = 3-1
#>=Req: b
#>=Req: a
#>=Con: w > 2-1
#>=Sug: d = 3
#>=Vnd: one
#>=Pkg: d 3 1 noarch
#>=Prv: d = 3-1
#>=Req: w
#>=Rec: d >= 2
#>=Enh: f
#>=Pkg: c 1 1 noarch
#>=Prv: c = 1-1
#>=Prv: v = 2-1
#>=Req: b
#>=Pkg: b 1 1 noarch
#>=Prv: b = 1-1
#>=Vnd: two
#>=Pkg: a 3 1 noarch
#>=Prv: a = 3-1
#>=Prv: v = 2-1
#>=Vnd: two
#>=Pkg: e 1 1 noarch
#>=Prv: e = 1-1
#>=Req: e <= 1 | e
#>=Req: d > 3-1
#>=Sup: f
system unset rpm system
job update oneof a-1-1.noarch@available d-3-1.noarch@available
job erase name a [noautoset]
job userinstalled name e >= 3-1
result transaction,problems <inline>
#>change d-3-1.noarch@system d-3-1.noarch@available
nextjob
solverflags !dupallowarchchange
job distupgrade name w [setarch]
job verify all packages
job droporphaned name d [notbyuser]
result transaction,problems <inline>
#>change d-3-1.noarch@system d-3-1.noarch@available
#>install a-3-1.noarch@available

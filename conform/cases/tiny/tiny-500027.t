repo system 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: d 3 1 noarch
#>=Prv: d = 3-1
#>=Req: b > 2-2
#>=Sup: d
#>=Pkg: b 2 2 noarch
#>=Prv: b = 2-2
#>=Sup: d
#>=Pkg: f 3 1 noarch
#>=Prv: f = 3-1
#>=Prv: w
#>=Obs: d
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: d 1 1 noarch
#>=Prv: d = 1-1
#>=Prv: f = 2-2
#>=Req: e
#>=Obs: c > 1-1
#>=Rec: w
#>=Vnd: two
#>=Pkg: e 3 1 noarch
#>=Prv: e = 3-1
#>=Rec: f
#>=Sup: f - e = 2
#>=Pkg: a 3 1 noarch
#>=Prv: a = 3-1
#>=Req: a > 1-1
#>=Pkg: b 3 1 noarch
#>=Prv: b = 3-1
#>=Pkg: a 2 1 noarch
#>=Prv: a = 2-1
#>=Req: d <= 1-1 <IF> (b >= 2-2 <ELSE> b)
#>=Pkg: a 2 2 noarch
#>=Prv: a = 2-2
#>=Req: a > 1-1
#>=Pkg: e 2 1 noarch
#>=Prv: e = 2-1
#>=Req: e <= 1-1
#>=Req: (d > 3-1 - a) <UNLESS> e > 1
#>=Pkg: f 3 1 noarch
#>=Prv: f = 3-1
#>=Pkg: e 1 1 noarch
#>=Prv: e = 1-1
#>=Pkg: a 1 1 noarch
#>=Prv: a = 1-1
#>=Req: f <= 2-2
#>=Req: e
#>=Enh: d
system unset rpm system
solverflags allowuninstall
job install oneof a-1-1.noarch@available e-1-1.noarch@available
job distupgrade all packages [forcebest]
job install name e < 2 [setarch]
job allowuninstall provides e [forcebest]
result transaction,problems <inline>
#>erase d-3-1.noarch@system
#>install e-1-1.noarch@available
#>upgrade b-2-2.noarch@system b-3-1.noarch@available
nextjob
job install name f >= 3-1
job distupgrade name a [orupdate]
result transaction,problems <inline>

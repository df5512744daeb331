repo system 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: b 1 1 noarch
#>=Prv: b = 1-1
#>=Req: f <= 2-1
#>=Obs: e
#>=Pkg: c 2 2 noarch
#>=Prv: c = 2-2
#>=Req: v < 1
#>=Req: e
#>=Obs: d >= 3
#>=Rec: w
#>=Vnd: two
#>=Pkg: a 2 2 noarch
#>=Prv: a = 2-2
#>=Req: d | w = 3
#>=Pkg: e 2 2 noarch
#>=Prv: e = 2-2
#>=Prv: v = 2-2
#>=Obs: b
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: b 2 1 noarch
#>=Prv: b = 2-1
#>=Prv: v
#>=Req: e
#>=Req: e
#>=Pkg: e 3 1 noarch
#>=Prv: e = 3-1
#>=Pkg: d 2 2 noarch
#>=Prv: d = 2-2
#>=Prv: w = 2-2
#>=Req: w >= 1
#>=Enh: f
#>=Pkg: a 2 2 noarch
#>=Prv: a = 2-2
#>=Req: b
#>=Obs: c
#>=Vnd: two
#>=Pkg: f 1 1 noarch
#>=Prv: f = 1-1
#>=Prv: a = 3-1
#>=Req: b
#>=Rec: d
system i686 rpm system
solverflags allowdowngrade allowuninstall
job install pkg b-2-1.noarch@available
job update oneof f-1-1.noarch@available a-2-2.noarch@available
job allowuninstall name f
result transaction,problems <inline>
#>upgrade b-1-1.noarch@system b-2-1.noarch@available
#>upgrade e-2-2.noarch@system e-3-1.noarch@available
nextjob
job update all packages
job install pkg d-2-2.noarch@available [notbyuser]
result transaction,problems <inline>
#>install d-2-2.noarch@available

repo system 0 testtags <inline>
#>=Ver: 3.0
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: b 2 1 noarch
#>=Prv: b = 2-1
#>=Prv: v = 1-1
#>=Rec: f >= 2-2
#>=Pkg: c 2 1 noarch
#>=Prv: c = 2-1
#>=Prv: v = 1-1
#>=Enh: c > 2
#>=Vnd: two
#>=Pkg: f 1 1 noarch
#>=Prv: f = 1-1
#>=Req: e < 2-2
#>=Rec: f >= 1
#>=Pkg: d 1 1 noarch
#>=Prv: d = 1-1
#>=Prv: w = 2-2
#>=Pkg: b 3 1 noarch
#>=Prv: b = 3-1
#>=Req: c
#>=Pkg: e 1 1 noarch
#>=Prv: e = 1-1
#>=Pkg: d 2 1 noarch
#>=Prv: d = 2-1
#>=Req: c
#>=Sug: f < 2
#>=Pkg: b 1 1 noarch
#>=Prv: b = 1-1
#>=Pkg: d 2 2 noarch
#>=Prv: d = 2-2
#>=Req: e < 1
#>=Pkg: f 2 2 noarch
#>=Prv: f = 2-2
#>=Prv: v = 2-2
#>=Prv: f = 1-1
#>=Req: e + w
#>=Obs: a
repo other 1 testtags <inline>
#>=Ver: 3.0
#>=Pkg: a 1 1 noarch
#>=Prv: a = 1-1
#>=Prv: w
#>=Pkg: e 2 1 noarch
#>=Prv: e = 2-1
#>=Req: d
#>=Con: d
#>=Rec: v >= 2
#>=Pkg: e 2 2 noarch
#>=Prv: e = 2-2
#>=Prv: w = 2-2
#>=Req: a
system unset rpm system
job allowuninstall name v = 1-1
job install name w > 1
job excludefromweak name a > 2 [notbyuser]
result transaction,problems <inline>
#>problem c43b1300 info package w > 1 does not exist
#>problem c43b1300 solution 6df944b4 deljob install name w > 1
nextjob
disable pkg c-2-1.noarch@available
solverflags keepexplicitobsoletes !allownamechange
job update all packages [targeted]
job erase pkg e-2-1.noarch@other [notbyuser]
job erase name c [setvendor]
result transaction,problems <inline>

repo system 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: d 1 1 noarch
#>=Prv: d = 1-1
#>=Prv: w
#>=Prv: e = 2-2
#>=Req: e = 2-1 | w
#>=Req: a | e
#>=Pkg: b 2 1 noarch
#>=Prv: b = 2-1
#>=Prv: v = 1-1
#>=Req: c
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: b 3 1 noarch
#>=Prv: b = 3-1
#>=Req: b <UNLESS> (v = 2 <IF> a < 1)
#>=Pkg: e 2 1 noarch
#>=Prv: e = 2-1
#>=Req: d
#>=Pkg: d 1 1 noarch
#>=Prv: d = 1-1
#>=Prv: w
#>=Sup: f
system unset rpm system
job favor pkg b-3-1.noarch@available
job allowuninstall name c = 2-2
job install oneof d-1-1.noarch@available e-2-1.noarch@available
result transaction,problems <inline>
#>change d-1-1.noarch@system d-1-1.noarch@available
nextjob
disable pkg b-3-1.noarch@available
job distupgrade repo available
result transaction,problems <inline>
#>change d-1-1.noarch@system d-1-1.noarch@available

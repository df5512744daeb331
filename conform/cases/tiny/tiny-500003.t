repo system 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: e 2 2 noarch
#>=Prv: e = 2-2
#>=Vnd: one
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: f 3 1 noarch
#>=Prv: f = 3-1
#>=Req: d < 1-1
#>=Rec: d
#>=Pkg: b 2 2 noarch
#>=Prv: b = 2-2
#>=Prv: v = 2-2
#>=Req: f = 2-1
#>=Req: v = 2-2
#>=Pkg: f 1 1 noarch
#>=Prv: f = 1-1
#>=Pkg: d 1 1 noarch
#>=Prv: d = 1-1
#>=Req: w
#>=Pkg: e 3 1 noarch
#>=Prv: e = 3-1
#>=Req: a
#>=Req: f <= 1
#>=Pkg: e 1 1 noarch
#>=Prv: e = 1-1
#>=Prv: e = 2-2
#>=Req: v
#>=Con: d <= 1-1 & (c <IF> d < 3)
#>=Pkg: f 2 2 noarch
#>=Prv: f = 2-2
#>=Req: b
#>=Pkg: d 2 2 noarch
#>=Prv: d = 2-2
#>=Rec: b
#>=Pkg: f 2 1 noarch
#>=Prv: f = 2-1
#>=Req: b >= 1
#>=Enh: d > 2-1
#>=Vnd: two
system unset rpm system
job update pkg f-3-1.noarch@available [noautoset]
job erase pkg e-3-1.noarch@available
result transaction,problems <inline>
nextjob
job install pkg f-2-1.noarch@available [notbyuser]
job update provides f = 3
result transaction,problems <inline>
#>install b-2-2.noarch@available
#>install f-2-1.noarch@available

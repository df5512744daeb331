repo system 0 testtags <inline>
#>=Ver: 3.0
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: c 3 1 noarch
#>=Prv: c = 3-1
#>=Prv: b = 2-2
#>=Req: w
#>=Req: v
#>=Pkg: e 2 2 noarch
#>=Prv: e = 2-2
#>=Pkg: a 2 2 noarch
#>=Prv: a = 2-2
#>=Req: c
#>=Req: f = 1-1
#>=Rec: f <= 2
#>=Pkg: f 2 1 noarch
#>=Prv: f = 2-1
#>=Req: d = 2
#>=Pkg: c 2 1 noarch
#>=Prv: c = 2-1
#>=Req: v
#>=Rec: v <= 3
#>=Vnd: one
#>=Pkg: b 1 1 noarch
#>=Prv: b = 1-1
repo other -1 testtags <inline>
#>=Ver: 3.0
#>=Pkg: a 2 1 noarch
#>=Prv: a = 2-1
#>=Req: e = 1
#>=Pkg: b 2 2 noarch
#>=Prv: b = 2-2
#>=Prv: w
#>=Obs: c >= 2-1
#>=Pkg: c 1 1 noarch
#>=Prv: c = 1-1
#>=Req: e > 2
#>=Pkg: a 1 1 noarch
#>=Prv: a = 1-1
#>=Req: b
#>=Rec: a < 3-1
#>=Sug: d
system x86_64 rpm system
job install name e
job update repo available
job update name d
job update name v
result transaction,problems <inline>
#>install e-2-2.noarch@available
nextjob
disable pkg c-3-1.noarch@available
solverflags breakorphans focusbest
job erase name d [targeted]
result transaction,problems <inline>

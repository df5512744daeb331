repo system 0 testtags <inline>
#>=Ver: 3.0
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: c 3 1 noarch
#>=Prv: c = 3-1
#>=Req: b
#>=Pkg: a 3 1 noarch
#>=Prv: a = 3-1
#>=Prv: v = 2-2
#>=Req: a
#>=Pkg: f 2 2 noarch
#>=Prv: f = 2-2
#>=Req: d
#>=Pkg: e 2 1 noarch
#>=Prv: e = 2-1
#>=Req: v <= 2-1
#>=Req: w > 1
#>=Pkg: a 2 2 noarch
#>=Prv: a = 2-2
#>=Req: f
#>=Con: f
#>=Obs: c >= 2-1
#>=Pkg: a 2 1 noarch
#>=Prv: a = 2-1
#>=Req: f < 2-1 <IF> (b <ELSE> d = 2-1)
#>=Rec: f >= 3-1
system unset rpm system
poolflags forbidselfconflicts
disable pkg a-2-1.noarch@available
solverflags keepexplicitobsoletes !dupallowdowngrade
job install provides w
job install repo available [notbyuser]
job erase provides f
result transaction,problems <inline>
#>problem c43b1300 info nothing provides requested w
#>problem c43b1300 info unsupported request
#>problem c43b1300 solution 130b68e2 deljob install repo available [notbyuser]
#>problem c43b1300 solution ec96ba25 deljob install provides w
nextjob
solverflags breakorphans
job install provides b = 2-1
result transaction,problems <inline>
#>problem c43b1300 info nothing provides requested b = 2-1
#>problem c43b1300 solution d98437d8 deljob install provides b = 2-1

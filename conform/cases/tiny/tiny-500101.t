repo system 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: c 3 1 noarch
#>=Prv: c = 3-1
#>=Pkg: f 3 1 noarch
#>=Prv: f = 3-1
#>=Prv: w = 3-1
#>=Prv: d = 1-1
#>=Sug: f
#>=Pkg: b 2 2 noarch
#>=Prv: b = 2-2
#>=Req: w <= 1-1
#>=Con: w < 3-1
#>=Vnd: one
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: e 3 1 noarch
#>=Prv: e = 3-1
#>=Req: e - w <= 2-1
#>=Pkg: d 3 1 noarch
#>=Prv: d = 3-1
#>=Req: d | w > 2-2
#>=Pkg: f 2 1 noarch
#>=Prv: f = 2-1
#>=Req: d
#>=Con: b > 1-1
#>=Rec: e = 2-1
system unset rpm system
poolflags obsoleteusesprovides
solverflags !dupallownamechange breakorphans ignorerecommended
job distupgrade name b > 2-2
result transaction,problems <inline>
nextjob
solverflags installalsoupdates noinfarchcheck allowvendorchange
job verify name d >= 2-1
job install repo available [noautoset]
job install name v < 3-1
job update name c
result transaction,problems <inline>
#>problem c43b1300 info package v < 3-1 does not exist
#>problem c43b1300 info unsupported request
#>problem c43b1300 solution 7033f263 deljob install name v < 3-1
#>problem c43b1300 solution 805e3788 deljob install repo available [noautoset]

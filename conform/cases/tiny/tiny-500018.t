repo system 0 testtags <inline>
#>=Ver: 3.0
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: e 2 1 x86_64
#>=Prv: e = 2-1
#>=Prv: v = 1-1
#>=Req: e
#>=Req: w
#>=Vnd: two
#>=Pkg: a 3 1 i686
#>=Prv: a = 3-1
#>=Req: e = 2
#>=Pkg: e 2 2 noarch
#>=Prv: e = 2-2
#>=Req: f >= 1
#>=Req: f > 2-1
#>=Pkg: f 2 1 i686
#>=Prv: f = 2-1
#>=Pkg: e 1 1 x86_64
#>=Prv: e = 1-1
#>=Prv: w
#>=Obs: d >= 1
#>=Sug: w = 2-1
repo other -1 testtags <inline>
#>=Ver: 3.0
#>=Pkg: e 2 1 noarch
#>=Prv: e = 2-1
#>=Req: a < 2 <IF> f
system x86_64 rpm system
solverflags focusinstalled strongrecommends
job install name v > 2
job excludefromweak name b
job update provides e
job excludefromweak provides b > 2
result transaction,problems <inline>
#>problem c43b1300 info package v > 2 does not exist
#>problem c43b1300 solution 6e22f546 deljob install name v > 2
nextjob
solverflags noupdateprovide !dupallowdowngrade
job update name b = 1 [setrepo]
job weakendeps pkg f-2-1.i686@available [setvendor]
job install oneof e-2-2.noarch@available a-3-1.i686@available [noautoset]
job lock pkg e-2-1.x86_64@available
result transaction,problems <inline>
#>install a-3-1.i686@available
#>install e-2-1.noarch@other

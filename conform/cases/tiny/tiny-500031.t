repo system 0 testtags <inline>
#>=Ver: 3.0
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: e 2 2 i686
#>=Prv: e = 2-2
#>=Prv: d = 2-2
#>=Pkg: d 2 1 i686
#>=Prv: d = 2-1
#>=Req: c
#>=Pkg: d 1 1 noarch
#>=Prv: d = 1-1
#>=Prv: c = 3-1
#>=Req: e
#>=Req: d > 2-1 <IF> (b < 2-2 <ELSE> w)
#>=Pkg: a 3 1 x86_64
#>=Prv: a = 3-1
#>=Sug: d > 2-2
#>=Pkg: a 1 1 i686
#>=Prv: a = 1-1
#>=Req: e >= 2-1
#>=Rec: c < 2-1
system x86_64 rpm system
poolflags noinstalledobsoletes
solverflags needupdateprovide noinfarchcheck !dupallowdowngrade
job lock name f
job userinstalled name d = 3-1
job distupgrade name d [orupdate]
job update oneof d-1-1.noarch@available a-1-1.i686@available
result transaction,problems <inline>
nextjob
job install name d > 2-1 [setvendor]
job install name w > 1 [cleandeps]
job install name v > 3
job verify all packages
result transaction,problems <inline>
#>problem c43b1300 info package d > 2-1 does not exist
#>problem c43b1300 info package v > 3 does not exist
#>problem c43b1300 info package w > 1 does not exist
#>problem c43b1300 solution 2a101a4d deljob install name d > 2-1 [setvendor]
#>problem c43b1300 solution bc17a824 deljob install name w > 1 [cleandeps]
#>problem c43b1300 solution c8ed9268 deljob install name v > 3

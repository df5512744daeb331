repo system 0 testtags <inline>
#>=Ver: 3.0
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: e 3 1 noarch
#>=Prv: e = 3-1
#>=Prv: w = 2-2
#>=Obs: e < 2-2
#>=Pkg: a 3 1 noarch
#>=Prv: a = 3-1
#>=Vnd: two
#>=Pkg: f 2 1 i686
#>=Prv: f = 2-1
#>=Prv: w = 3-1
#>=Pkg: f 2 1 x86_64
#>=Prv: f = 2-1
#>=Req: v >= 1-1
#>=Vnd: one
#>=Pkg: e 2 1 x86_64
#>=Prv: e = 2-1
#>=Req: v
#>=Vnd: one
#>=Pkg: c 2 2 i686
#>=Prv: c = 2-2
#>=Prv: w = 2-2
#>=Rec: w
#>=Sup: (w < 2-1 | e > 1-1) | a <= 3
#>=Pkg: e 3 1 i686
#>=Prv: e = 3-1
#>=Req: e
#>=Obs: c < 3
repo other 1 testtags <inline>
#>=Ver: 3.0
#>=Pkg: a 2 1 x86_64
#>=Prv: a = 2-1
#>=Prv: w = 3-1
#>=Pkg: a 1 1 x86_64
#>=Prv: a = 1-1
#>=Prv: w
#>=Enh: c | w < 3
#>=Pkg: c 2 2 i686
#>=Prv: c = 2-2
#>=Prv: w
system i686 rpm system
solverflags installalsoupdates !allownamechange allowarchchange
job install name d
job erase pkg a-2-1.x86_64@other [notbyuser]
result transaction,problems <inline>
#>problem c43b1300 info package d does not exist
#>problem c43b1300 solution e1b58e11 deljob install name d
nextjob
solverflags needupdateprovide installalsoupdates
job excludefromweak provides f [targeted]
job erase name b <= 2-1 [essential]
job multiversion repo available
result transaction,problems <inline>

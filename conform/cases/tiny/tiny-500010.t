repo system 0 testtags <inline>
#>=Ver: 3.0
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: c 2 2 noarch
#>=Prv: c = 2-2
#>=Pkg: e 2 2 noarch
#>=Prv: e = 2-2
#>=Prv: v
#>=Req: e <IF> (c | c < 2-2)
#>=Sug: d > 1-1
#>=Pkg: d 2 2 i686
#>=Prv: d = 2-2
#>=Prv: v = 1-1
#>=Rec: f <IF> (e > 2-2 <ELSE> v > 1)
#>=Pkg: c 3 1 x86_64
#>=Prv: c = 3-1
#>=Req: v > 3-1
#>=Con: v = 3-1
#>=Obs: b < 2-2
#>=Pkg: d 2 2 noarch
#>=Prv: d = 2-2
#>=Req: w >= 2-2
#>=Rec: d = 1
#>=Pkg: a 2 2 i686
#>=Prv: a = 2-2
#>=Req: b > 2
#>=Vnd: one
#>=Pkg: f 2 2 x86_64
#>=Prv: f = 2-2
#>=Obs: b < 1-1
repo other 1 testtags <inline>
#>=Ver: 3.0
#>=Pkg: e 3 1 noarch
#>=Prv: e = 3-1
#>=Prv: d = 3-1
#>=Pkg: c 1 1 noarch
#>=Prv: c = 1-1
#>=Req: a < 3 <IF> w < 2-1
#>=Req: c >= 1-1 <IF> (e > 2 <ELSE> b)
#>=Pkg: f 2 2 x86_64
#>=Prv: f = 2-2
#>=Req: (f = 2-1 <IF> (d <= 3 <ELSE> w >= 1)) <UNLESS> (v <IF> d)
#>=Rec: b
#>=Pkg: e 3 1 i686
#>=Prv: e = 3-1
#>=Req: c = 2
system i686 rpm system
job install name e
job update all packages
job weakendeps provides w >= 2-2
result transaction,problems <inline>
#>install e-3-1.noarch@other
nextjob
job excludefromweak name w
job update repo available
job install name w [noautoset]
result transaction,problems <inline>
#>problem c43b1300 info package w does not exist
#>problem c43b1300 solution aa61db0b deljob install name w [noautoset]

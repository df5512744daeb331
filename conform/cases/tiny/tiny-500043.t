repo system 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: b 2 1 i686
#>=Prv: b = 2-1
#>=Prv: w = 3-1
#>=Pkg: d 1 1 i686
#>=Prv: d = 1-1
#>=Con: c
#>=Pkg: f 1 1 noarch
#>=Prv: f = 1-1
#>=Prv: v = 3-1
#>=Pkg: c 2 1 x86_64
#>=Prv: c = 2-1
#>=Prv: v = 1-1
#>=Con: f < 3-1
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: d 3 1 noarch
#>=Prv: d = 3-1
#>=Req: d = 3-1
#>=Con: v
#>=Pkg: a 1 1 i686
#>=Prv: a = 1-1
#>=Con: f = 2-2
#>=Obs: a = 2-1
#>=Vnd: one
#>=Pkg: d 2 2 i686
#>=Prv: d = 2-2
#>=Req: (b < 1-1 & d >= 2-1) <IF> (e < 1 <ELSE> c <= 3-1)
#>=Req: v
#>=Pkg: d 3 1 i686
#>=Prv: d = 3-1
#>=Req: e
#>=Rec: v > 1
#>=Pkg: b 2 1 i686
#>=Prv: b = 2-1
#>=Req: a
#>=Obs: f
#>=Rec: c > 3-1
repo other 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: b 1 1 x86_64
#>=Prv: b = 1-1
#>=Sug: (d & c) | e
#>=Pkg: d 3 1 x86_64
#>=Prv: d = 3-1
#>=Prv: v
#>=Req: b > 2-1
system i686 rpm system
disable pkg b-2-1.i686@system
job install pkg b-1-1.x86_64@other
job multiversion repo available
job droporphaned name a > 3-1 [forcebest]
result transaction,problems <inline>
#>problem b99329b3 info package b-1-1.x86_64 does not have a compatible architecture
#>problem b99329b3 solution a0e186b6 deljob install pkg b-1-1.x86_64@other
nextjob
disable pkg d-3-1.x86_64@other
job favor pkg b-2-1.i686@available [noautoset]
job disfavor pkg d-2-2.i686@available
job erase provides a = 1-1
result transaction,problems <inline>

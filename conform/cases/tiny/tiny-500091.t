repo system 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: b 2 1 x86_64
#>=Prv: b = 2-1
#>=Req: e < 2-1
#>=Enh: (e = 2 - v) | e
#>=Pkg: d 3 1 i686
#>=Prv: d = 3-1
#>=Prv: v = 3-1
#>=Req: (w <IF> w) | v
#>=Pkg: d 1 1 noarch
#>=Prv: d = 1-1
#>=Req: a <= 3-1
#>=Sug: w >= 2
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: d 2 1 x86_64
#>=Prv: d = 2-1
#>=Req: v
#>=Req: a
#>=Sup: d = 2-1
#>=Pkg: f 2 2 x86_64
#>=Prv: f = 2-2
#>=Req: a > 3
#>=Con: b = 1-1
#>=Obs: d
#>=Sup: a = 1-1
#>=Pkg: a 2 2 i686
#>=Prv: a = 2-2
#>=Req: d <= 1-1
#>=Pkg: e 1 1 noarch
#>=Prv: e = 1-1
#>=Prv: f = 1-1
#>=Con: a = 3-1
repo other -1 testtags <inline>
#>=Ver: 3.0
#>=Pkg: a 3 1 noarch
#>=Prv: a = 3-1
#>=Pkg: c 3 1 x86_64
#>=Prv: c = 3-1
#>=Sug: a
#>=Pkg: a 2 1 i686
#>=Prv: a = 2-1
#>=Prv: f = 1-1
system i686 rpm system
poolflags obsoleteusescolors
job update all packages [noautoset]
job disfavor oneof e-1-1.noarch@available a-2-1.i686@other
result transaction,problems <inline>
nextjob
solverflags strictrepopriority focusinstalled !dupallowarchchange
job update provides e
job disfavor provides d > 1 [setarch]
job install pkg d-2-1.x86_64@available [orupdate]
job install name b [setevr]
result transaction,problems <inline>
#>problem 3f82c0a3 info package d-2-1.x86_64 does not have a compatible architecture
#>problem 3f82c0a3 solution 9f009cfe deljob install pkg d-2-1.x86_64@available [orupdate]

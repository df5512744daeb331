repo system 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: e 1 1 x86_64
#>=Prv: e = 1-1
#>=Req: a >= 3-1
#>=Pkg: b 2 2 i686
#>=Prv: b = 2-2
#>=Req: e < 2-2
#>=Rec: b = 2-2
#>=Sup: e <= 1
#>=Vnd: one
#>=Pkg: d 3 1 noarch
#>=Prv: d = 3-1
#>=Prv: v = 1-1
#>=Pkg: c 2 2 i686
#>=Prv: c = 2-2
#>=Prv: w = 1-1
#>=Req: v = 1
#>=Enh: e
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: b 2 2 noarch
#>=Prv: b = 2-2
#>=Req: a
#>=Rec: f = 1-1
#>=Vnd: two
#>=Pkg: c 1 1 noarch
#>=Prv: c = 1-1
#>=Prv: w
#>=Con: b
#>=Pkg: f 3 1 i686
#>=Prv: f = 3-1
#>=Prv: d = 3-1
#>=Req: f | v
#>=Pkg: d 2 1 x86_64
#>=Prv: d = 2-1
#>=Obs: a <= 1-1
#>=Pkg: b 2 2 i686
#>=Prv: b = 2-2
#>=Pkg: e 1 1 noarch
#>=Prv: e = 1-1
#>=Rec: b
system x86_64 rpm system
poolflags implicitobsoleteusesprovides
solverflags installalsoupdates breakorphans focusnew
job allowuninstall name c
job install repo available [forcebest]
job install repo available
result transaction,problems <inline>
#>problem c43b1300 info unsupported request
#>problem c43b1300 info unsupported request
#>problem c43b1300 solution 8e623fdd deljob install repo available
#>problem c43b1300 solution a82e7e45 deljob install repo available [forcebest]
nextjob
solverflags needupdateprovide
job install pkg d-3-1.noarch@system
job allowuninstall name d = 2-2
result transaction,problems <inline>

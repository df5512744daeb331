repo system 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: a 2 2 i686
#>=Prv: a = 2-2
#>=Req: w
#>=Req: a < 2-2
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: f 2 2 x86_64
#>=Prv: f = 2-2
#>=Rec: e = 2-1
#>=Pkg: c 2 1 noarch
#>=Prv: c = 2-1
#>=Req: (a & d) & c = 2-1
#>=Sup: a
#>=Pkg: a 2 1 i686
#>=Prv: a = 2-1
#>=Req: v
#>=Pkg: b 1 1 x86_64
#>=Prv: b = 1-1
#>=Prv: e = 1-1
#>=Req: f = 1-1
#>=Pkg: e 2 1 i686
#>=Prv: e = 2-1
#>=Con: e = 1-1
repo other -1 testtags <inline>
#>=Ver: 3.0
#>=Pkg: c 3 1 noarch
#>=Prv: c = 3-1
#>=Pkg: e 2 2 i686
#>=Prv: e = 2-2
#>=Req: w
#>=Vnd: two
#>=Pkg: f 3 1 x86_64
#>=Prv: f = 3-1
#>=Req: c = 1-1
#>=Pkg: b 2 1 x86_64
#>=Prv: b = 2-1
#>=Req: w
#>=Req: v
#>=Vnd: one
#>=Pkg: e 1 1 x86_64
#>=Prv: e = 1-1
#>=Obs: d <= 1-1
#>=Sug: d <= 3
#>=Pkg: a 3 1 x86_64
#>=Prv: a = 3-1
#>=Con: w <IF> (v <ELSE> e)
system x86_64 rpm system
poolflags implicitobsoleteusesprovides
disable pkg b-1-1.x86_64@available
job disfavor pkg c-2-1.noarch@available [setevr]
job erase oneof a-3-1.x86_64@other e-2-1.i686@available [essential]
result transaction,problems <inline>
nextjob
solverflags strictrepopriority noautotarget
job update all packages
job update name c = 2-2
job distupgrade name c [notbyuser]
job install pkg f-3-1.x86_64@other
result transaction,problems <inline>
#>problem d2f8edc3 info nothing provides c = 1-1 needed by f-3-1.x86_64
#>problem d2f8edc3 solution 4f6ea9b1 deljob install pkg f-3-1.x86_64@other

repo system 0 testtags <inline>
#>=Ver: 3.0
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: b 1 1 i686
#>=Prv: b = 1-1
#>=Req: b & f < 2
#>=Rec: a
#>=Pkg: b 2 1 i686
#>=Prv: b = 2-1
#>=Pkg: c 2 2 noarch
#>=Prv: c = 2-2
#>=Pkg: d 3 1 noarch
#>=Prv: d = 3-1
#>=Prv: v
#>=Req: e >= 1-1
#>=Rec: w
#>=Sug: e
#>=Pkg: e 3 1 noarch
#>=Prv: e = 3-1
#>=Req: e
#>=Con: c > 3
repo other 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: f 3 1 i686
#>=Prv: f = 3-1
#>=Req: d <= 3
#>=Vnd: one
#>=Pkg: b 3 1 i686
#>=Prv: b = 3-1
#>=Req: e
#>=Req: a
#>=Rec: c = 3-1
#>=Pkg: c 2 2 x86_64
#>=Prv: c = 2-2
#>=Prv: b = 2-1
#>=Vnd: one
#>=Pkg: d 1 1 i686
#>=Prv: d = 1-1
#>=Prv: w = 2-2
#>=Req: b > 1-1
#>=Vnd: one
#>=Pkg: b 1 1 noarch
#>=Prv: b = 1-1
#>=Req: c
#>=Con: w > 2-2
#>=Obs: b
#>=Pkg: e 2 2 x86_64
#>=Prv: e = 2-2
#>=Req: v
#>=Con: f
system x86_64 rpm system
poolflags implicitobsoleteusescolors
solverflags breakorphans yumobsoletes allowarchchange
job favor name c [notbyuser]
result transaction,problems <inline>
nextjob
job install pkg d-3-1.noarch@available [setvendor]
job allowuninstall name b [essential]
job install name d >= 1-1 [setvendor]
result transaction,problems <inline>
#>install d-3-1.noarch@available
#>install e-3-1.noarch@available

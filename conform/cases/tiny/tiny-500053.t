repo system 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: e 2 1 x86_64
#>=Prv: e = 2-1
#>=Req: f
#>=Sup: c
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: e 2 2 noarch
#>=Prv: e = 2-2
#>=Req: e < 3
#>=Req: a >= 3
#>=Rec: f
#>=Pkg: d 1 1 i686
#>=Prv: d = 1-1
#>=Prv: v = 2-1
#>=Req: f < 2-1
#>=Con: b = 2-2 <UNLESS> f = 2-2
#>=Pkg: c 2 1 x86_64
#>=Prv: c = 2-1
#>=Prv: c = 1-1
#>=Req: w = 3
#>=Rec: d = 2-2
#>=Sug: c
#>=Pkg: a 2 2 x86_64
#>=Prv: a = 2-2
#>=Req: e
#>=Pkg: f 3 1 x86_64
#>=Prv: f = 3-1
#>=Pkg: c 2 2 i686
#>=Prv: c = 2-2
#>=Prv: v = 1-1
#>=Req: e <IF> (d | v <= 2)
#>=Vnd: one
#>=Pkg: b 2 2 i686
#>=Prv: b = 2-2
#>=Req: c >= 3
#>=Pkg: a 2 1 x86_64
#>=Prv: a = 2-1
#>=Prv: v = 2-1
#>=Pkg: e 3 1 noarch
#>=Prv: e = 3-1
#>=Vnd: one
system x86_64 rpm system
poolflags forbidselfconflicts
job update pkg d-1-1.i686@available [notbyuser]
result transaction,problems <inline>
nextjob
solverflags keepexplicitobsoletes addalreadyrecommended urpmreorder
job install pkg c-2-2.i686@available [targeted]
job install provides a
job userinstalled name b = 1-1 [essential]
result transaction,problems <inline>
#>install a-2-2.x86_64@available
#>install c-2-2.i686@available

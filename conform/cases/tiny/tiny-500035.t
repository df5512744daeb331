repo system 0 testtags <inline>
#>=Ver: 3.0
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: c 2 1 noarch
#>=Prv: c = 2-1
#>=Req: a > 1
#>=Rec: c
#>=Pkg: e 2 2 noarch
#>=Prv: e = 2-2
#>=Req: w
#>=Sug: f
#>=Sup: w
#>=Enh: c
#>=Pkg: f 3 1 noarch
#>=Prv: f = 3-1
#>=Req: d
#>=Sup: a
#>=Pkg: e 1 1 noarch
#>=Prv: e = 1-1
#>=Prv: w = 2-2
#>=Pkg: d 1 1 noarch
#>=Prv: d = 1-1
#>=Req: e = 2-2
#>=Con: f > 1
#>=Pkg: c 1 1 noarch
#>=Prv: c = 1-1
#>=Prv: a = 3-1
#>=Con: f
#>=Obs: c
system unset rpm system
solverflags keepexplicitobsoletes
job favor name b [cleandeps]
job lock name f <= 2 [cleandeps]
result transaction,problems <inline>
nextjob
job install pkg e-1-1.noarch@available [setarch]
result transaction,problems <inline>
#>install e-1-1.noarch@available

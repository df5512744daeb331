repo system 0 testtags <inline>
#>=Ver: 3.0
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: e 1 1 noarch
#>=Prv: e = 1-1
#>=Vnd: one
#>=Pkg: b 2 1 noarch
#>=Prv: b = 2-1
#>=Prv: w
#>=Req: c > 3-1
#>=Req: e
#>=Pkg: d 2 1 noarch
#>=Prv: d = 2-1
#>=Sup: f >= 1-1
#>=Pkg: b 3 1 noarch
#>=Prv: b = 3-1
#>=Prv: w = 2-2
#>=Req: b > 2-2
#>=Req: d < 1-1
#>=Obs: a
#>=Sug: a
#>=Enh: b >= 2-2
#>=Pkg: a 1 1 noarch
#>=Prv: a = 1-1
#>=Prv: w
#>=Req: d >= 1
system i686 rpm system
solverflags installalsoupdates noautotarget
job install name b = 3-1
result transaction,problems <inline>
#>problem 604578c8 info nothing provides d < 1-1 needed by b-3-1.noarch
#>problem 604578c8 solution d93f39c2 deljob install name b = 3-1
nextjob
solverflags urpmreorder focusnew addalreadyrecommended
job distupgrade pkg a-1-1.noarch@available
job distupgrade name b
job install provides e
job install name d = 2-1 [setarch]
result transaction,problems <inline>
#>install d-2-1.noarch@available
#>install e-1-1.noarch@available

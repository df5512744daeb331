repo system 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: e 3 1 noarch
#>=Prv: e = 3-1
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: e 1 1 noarch
#>=Prv: e = 1-1
#>=Prv: w
#>=Prv: d = 1-1
#>=Pkg: d 3 1 noarch
#>=Prv: d = 3-1
#>=Prv: v
#>=Sup: f
#>=Pkg: b 2 2 noarch
#>=Prv: b = 2-2
#>=Prv: e = 2-1
#>=Req: w <IF> a
#>=Rec: a >= 2-1
#>=Pkg: b 2 1 noarch
#>=Prv: b = 2-1
#>=Req: a
#>=Rec: f >= 2-2 | a
#>=Pkg: d 1 1 noarch
#>=Prv: d = 1-1
#>=Prv: w = 2-2
#>=Vnd: one
system unset rpm system
job distupgrade name c = 3
job install pkg e-1-1.noarch@available [noautoset]
result transaction,problems <inline>
#>problem c653ae12 info cannot install both e-1-1.noarch and e-3-1.noarch
#>problem c653ae12 solution 105c47ec deljob install pkg e-1-1.noarch@available [noautoset]
#>problem c653ae12 solution 56c21c1a replace e-3-1.noarch@system e-1-1.noarch@available
nextjob
disable pkg e-1-1.noarch@available
solverflags allowdowngrade
job droporphaned pkg e-3-1.noarch@system
job favor name f < 1-1
job favor pkg d-3-1.noarch@available [targeted]
result transaction,problems <inline>

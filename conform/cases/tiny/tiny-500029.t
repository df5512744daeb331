repo system 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: b 3 1 noarch
#>=Prv: b = 3-1
#>=Prv: v = 2-1
#>=Req: f
#>=Rec: b
#>=Sup: d > 2-2
#>=Vnd: one
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: a 1 1 noarch
#>=Prv: a = 1-1
#>=Req: b <= 1-1
#>=Req: w > 2-2
#>=Pkg: c 3 1 noarch
#>=Prv: c = 3-1
#>=Vnd: one
#>=Pkg: b 3 1 noarch
#>=Prv: b = 3-1
#>=Req: d < 3-1
#>=Req: a
#>=Pkg: c 2 1 noarch
#>=Prv: c = 2-1
#>=Req: a
#>=Pkg: d 3 1 noarch
#>=Prv: d = 3-1
#>=Req: d
#>=Con: w >= 1-1
#>=Sug: w
#>=Enh: e >= 2-1 <IF> ((c | a) <ELSE> c <= 1-1)
#>=Pkg: c 2 2 noarch
#>=Prv: c = 2-2
#>=Con: f
#>=Rec: d
#>=Pkg: b 2 2 noarch
#>=Prv: b = 2-2
#>=Req: d
#>=Vnd: one
system x86_64 rpm system
disable pkg c-2-1.noarch@available
solverflags breakorphans urpmreorder
job install name f < 2-1
job update oneof c-2-1.noarch@available c-3-1.noarch@available [forcebest]
job erase name f = 3-1
job install name c
result transaction,problems <inline>
#>install c-3-1.noarch@available
#>problem c43b1300 info package f < 2-1 does not exist
#>problem c43b1300 solution 89967929 deljob install name f < 2-1
nextjob
solverflags allowdowngrade ignorerecommended breakorphans
job erase oneof a-1-1.noarch@available d-3-1.noarch@available [notbyuser]
job multiversion pkg d-3-1.noarch@available [essential]
job favor repo available
result transaction,problems <inline>

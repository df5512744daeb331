repo system 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: f 1 1 noarch
#>=Prv: f = 1-1
#>=Prv: c = 2-1
#>=Con: b <= 1-1 <IF> (c <= 3-1 <ELSE> a)
#>=Sug: a <= 3-1
#>=Pkg: e 2 1 noarch
#>=Prv: e = 2-1
#>=Pkg: b 3 1 noarch
#>=Prv: b = 3-1
#>=Rec: c > 1-1
#>=Pkg: a 2 2 noarch
#>=Prv: a = 2-2
#>=Vnd: one
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: e 2 2 noarch
#>=Prv: e = 2-2
#>=Pkg: a 2 2 noarch
#>=Prv: a = 2-2
#>=Rec: c > 2-1
#>=Pkg: d 1 1 noarch
#>=Prv: d = 1-1
#>=Req: c
system unset rpm system
job lock pkg b-3-1.noarch@system [setevr]
job distupgrade name c <= 1-1 [orupdate]
result transaction,problems <inline>
nextjob
job install name e >= 2-2
job install name a
job install name e [forcebest]
job install name c = 1-1 [targeted]
result transaction,problems <inline>
#>problem c43b1300 info package c = 1-1 does not exist
#>problem c43b1300 solution e7df7c4b deljob install name c = 1-1 [targeted]
#>upgrade e-2-1.noarch@system e-2-2.noarch@available

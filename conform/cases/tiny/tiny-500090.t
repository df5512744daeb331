repo system 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: b 2 1 noarch
#>=Prv: b = 2-1
#>=Rec: w
#>=Pkg: f 3 1 noarch
#>=Prv: f = 3-1
#>=Prv: v
#>=Req: e = 1-1
#>=Rec: a = 2-1
#>=Pkg: c 2 1 noarch
#>=Prv: c = 2-1
#>=Req: b
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: c 3 1 noarch
#>=Prv: c = 3-1
#>=Pkg: f 1 1 noarch
#>=Prv: f = 1-1
#>=Req: c = 1
#>=Con: v >= 1
#>=Vnd: one
#>=Pkg: d 3 1 noarch
#>=Prv: d = 3-1
#>=Req: e >= 1-1
#>=Req: d > 3
#>=Pkg: b 2 2 noarch
#>=Prv: b = 2-2
#>=Req: e = 1-1
#>=Sug: f <= 1-1
system unset rpm system
solverflags allowuninstall allowvendorchange noautotarget
job install pkg c-2-1.noarch@system
job install provides d
result transaction,problems <inline>
#>problem 4c967640 info nothing provides e >= 1-1 needed by d-3-1.noarch
#>problem 4c967640 solution b273f3be deljob install provides d
nextjob
solverflags noautotarget !dupallowarchchange
job install name c < 3
job excludefromweak name w [orupdate]
job erase provides d <= 2-2 - b = 2-2 [targeted]
job install provides f
result transaction,problems <inline>

repo system 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: c 2 1 noarch
#>=Prv: c = 2-1
#>=Prv: w = 3-1
#>=Enh: w
#>=Vnd: one
#>=Pkg: a 2 2 noarch
#>=Prv: a = 2-2
#>=Prv: f = 3-1
#>=Req: b
#>=Sug: e > 1-1
#>=Sup: a <= 3-1
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: f 2 1 noarch
#>=Prv: f = 2-1
#>=Prv: f = 1-1
#>=Con: v
#>=Obs: e = 3-1
#>=Pkg: b 2 2 noarch
#>=Prv: b = 2-2
#>=Prv: v
#>=Pkg: d 2 2 noarch
#>=Prv: d = 2-2
#>=Sug: c <= 3-1 <UNLESS> b
#>=Pkg: a 2 1 noarch
#>=Prv: a = 2-1
#>=Req: v < 3-1
#>=Vnd: one
system unset rpm system
job update provides b >= 2-2
job excludefromweak pkg b-2-2.noarch@available
job weakendeps oneof a-2-1.noarch@available a-2-2.noarch@system [weak]
result transaction,problems <inline>
nextjob
job allowuninstall provides a
job install name b < 1-1
job update pkg c-2-1.noarch@system
job install name f [setarch]
result transaction,problems <inline>
#>install f-2-1.noarch@available
#>problem c43b1300 info package b < 1-1 does not exist
#>problem c43b1300 solution 0482225c deljob install name b < 1-1

repo system 0 testtags <inline>
#>=Ver: 3.0
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: d 1 1 noarch
#>=Prv: d = 1-1
#>=Req: b
#>=Pkg: d 2 1 noarch
#>=Prv: d = 2-1
#>=Prv: w
#>=Req: c = 2-1
#>=Pkg: a 2 1 noarch
#>=Prv: a = 2-1
#>=Req: e
#>=Req: w
#>=Con: b
#>=Sup: w = 2-2
#>=Pkg: b 2 1 noarch
#>=Prv: b = 2-1
#>=Prv: b = 2-1
#>=Req: w > 3-1
#>=Obs: a = 3-1
#>=Rec: d
#>=Pkg: c 2 1 noarch
#>=Prv: c = 2-1
#>=Req: c
#>=Req: c = 3-1
repo other 1 testtags <inline>
#>=Ver: 3.0
#>=Pkg: d 3 1 noarch
#>=Prv: d = 3-1
#>=Req: c <= 2-1
#>=Vnd: two
#>=Pkg: f 2 2 noarch
#>=Prv: f = 2-2
#>=Prv: w = 2-1
#>=Req: v = 2-2
#>=Req: c <= 2-2
#>=Pkg: b 1 1 noarch
#>=Prv: b = 1-1
#>=Prv: w
#>=Obs: d <= 2-1
system unset rpm system
job allowuninstall oneof d-3-1.noarch@other f-2-2.noarch@other
job update all packages [cleandeps]
result transaction,problems <inline>
nextjob
job weakendeps name w >= 2 [essential]
job update provides w
job install name c [essential]
result transaction,problems <inline>
#>problem bb736273 info nothing provides c = 3-1 needed by c-2-1.noarch
#>problem bb736273 solution c0c15a7c deljob install name c [essential]

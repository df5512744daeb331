repo system 0 testtags <inline>
#>=Ver: 3.0
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: f 1 1 noarch
#>=Prv: f = 1-1
#>=Vnd: one
#>=Pkg: d 2 2 noarch
#>=Prv: d = 2-2
#>=Prv: v = 3-1
#>=Obs: c
#>=Pkg: d 3 1 noarch
#>=Prv: d = 3-1
#>=Enh: e
#>=Vnd: two
#>=Pkg: c 2 1 noarch
#>=Prv: c = 2-1
#>=Enh: v >= 2-2
#>=Vnd: one
#>=Pkg: c 1 1 noarch
#>=Prv: c = 1-1
#>=Req: w <= 3-1
system unset rpm system
disable pkg c-1-1.noarch@available
job install provides w >= 1-1
result transaction,problems <inline>
#>problem c43b1300 info nothing provides requested w >= 1-1
#>problem c43b1300 solution 90b6febf deljob install provides w >= 1-1
nextjob
job install name f
job install provides f = 2 [essential]
job erase name e >= 2
result transaction,problems <inline>
#>install f-1-1.noarch@available
#>problem c43b1300 info nothing provides requested f = 2
#>problem c43b1300 solution d39645dd deljob install provides f = 2 [essential]

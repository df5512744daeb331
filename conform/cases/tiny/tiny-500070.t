repo system 0 testtags <inline>
#>=Ver: 3.0
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: d 2 2 noarch
#>=Prv: d = 2-2
#>=Prv: d = 1-1
#>=Req: b
#>=Req: v = 1 | d >= 1
#>=Vnd: one
#>=Pkg: a 1 1 noarch
#>=Prv: a = 1-1
#>=Vnd: two
#>=Pkg: a 2 1 noarch
#>=Prv: a = 2-1
#>=Prv: w = 3-1
#>=Req: c > 1-1
#>=Req: d <IF> (d = 3-1 <ELSE> f >= 3-1)
#>=Rec: w
#>=Enh: f
#>=Pkg: c 2 2 noarch
#>=Prv: c = 2-2
#>=Prv: w
#>=Sug: d >= 2-2
#>=Vnd: two
#>=Pkg: e 2 1 noarch
#>=Prv: e = 2-1
#>=Rec: w < 2-1
#>=Vnd: one
#>=Pkg: c 1 1 noarch
#>=Prv: c = 1-1
#>=Pkg: d 3 1 noarch
#>=Prv: d = 3-1
#>=Req: b = 3-1
#>=Rec: a
system unset rpm system
job install name c
job install name e <= 1-1 [setrepo]
job install pkg c-2-2.noarch@available [weak]
result transaction,problems <inline>
#>install c-2-2.noarch@available
#>problem c43b1300 info package e <= 1-1 does not exist
#>problem c43b1300 solution 62ad1742 deljob install name e <= 1-1 [setrepo]
nextjob
job install name f > 3
job update all packages [setvendor]
result transaction,problems <inline>
#>problem c43b1300 info package f > 3 does not exist
#>problem c43b1300 solution a01c18f2 deljob install name f > 3

repo system 0 testtags <inline>
#>=Ver: 3.0
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: e 3 1 noarch
#>=Prv: e = 3-1
#>=Prv: v
#>=Prv: c = 2-1
#>=Req: c < 3
#>=Rec: c
#>=Pkg: e 2 1 noarch
#>=Prv: e = 2-1
#>=Pkg: e 2 2 noarch
#>=Prv: e = 2-2
#>=Prv: v = 3-1
#>=Req: b & d >= 1
#>=Pkg: d 1 1 noarch
#>=Prv: d = 1-1
#>=Prv: c = 2-1
#>=Req: c
#>=Req: d < 3-1
#>=Rec: d > 1
#>=Vnd: one
#>=Pkg: f 3 1 noarch
#>=Prv: f = 3-1
#>=Req: e > 3
#>=Req: v
#>=Con: d
#>=Pkg: c 1 1 noarch
#>=Prv: c = 1-1
#>=Prv: w = 2-2
#>=Req: d
#>=Sup: e
#>=Enh: w
#>=Pkg: a 2 1 noarch
#>=Prv: a = 2-1
#>=Req: d | b
#>=Pkg: d 2 2 noarch
#>=Prv: d = 2-2
#>=Prv: v = 3-1
#>=Req: e > 2-2
#>=Req: e < 1-1
system unset rpm system
job verify name f
job install provides b >= 1-1
job install provides a
result transaction,problems <inline>
#>install a-2-1.noarch@available
#>install d-1-1.noarch@available
#>problem c43b1300 info nothing provides requested b >= 1-1
#>problem c43b1300 solution 874bd7fb deljob install provides b >= 1-1
nextjob
job droporphaned pkg d-2-2.noarch@available [targeted]
job excludefromweak name b
result transaction,problems <inline>

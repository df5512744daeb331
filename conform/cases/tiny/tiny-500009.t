repo system 0 testtags <inline>
#>=Ver: 3.0
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: b 2 2 noarch
#>=Prv: b = 2-2
#>=Req: f > 3-1
#>=Req: f
#>=Rec: a
#>=Vnd: one
#>=Pkg: e 3 1 x86_64
#>=Prv: e = 3-1
#>=Req: v < 1-1
#>=Pkg: c 3 1 noarch
#>=Prv: c = 3-1
#>=Prv: v
#>=Pkg: d 2 2 i686
#>=Prv: d = 2-2
#>=Req: (c & a < 2) | w
#>=Enh: w <= 3-1 <IF> (v <ELSE> e)
#>=Pkg: a 3 1 noarch
#>=Prv: a = 3-1
#>=Prv: v
#>=Req: f <= 1-1
#>=Pkg: c 2 2 i686
#>=Prv: c = 2-2
#>=Pkg: e 2 1 x86_64
#>=Prv: e = 2-1
#>=Con: f
#>=Vnd: two
#>=Pkg: f 1 1 noarch
#>=Prv: f = 1-1
#>=Req: c + f >= 2-2
#>=Con: d <= 3-1
#>=Obs: a < 2
#>=Sup: b
#>=Pkg: f 3 1 noarch
#>=Prv: f = 3-1
#>=Prv: e = 2-2
#>=Pkg: e 2 2 noarch
#>=Prv: e = 2-2
#>=Req: b < 2-2 + w
repo other -1 testtags <inline>
#>=Ver: 3.0
#>=Pkg: a 2 1 i686
#>=Prv: a = 2-1
#>=Req: e < 3
#>=Vnd: one
#>=Pkg: c 2 1 x86_64
#>=Prv: c = 2-1
#>=Prv: a = 3-1
#>=Pkg: d 2 1 x86_64
#>=Prv: d = 2-1
#>=Prv: v = 3-1
#>=Req: e > 3-1
#>=Req: v
#>=Pkg: a 2 1 x86_64
#>=Prv: a = 2-1
#>=Prv: w
#>=Obs: f >= 2
system x86_64 rpm system
job install provides b [orupdate]
job install name e = 2-1
job multiversion repo available [weak]
job install repo available
result transaction,problems <inline>
#>install e-2-1.x86_64@available
#>problem bf6737df info nothing provides f > 3-1 needed by b-2-2.noarch
#>problem bf6737df solution 5412c0ef deljob install provides b [orupdate]
#>problem c43b1300 info unsupported request
#>problem c43b1300 solution 8e623fdd deljob install repo available
nextjob
job install name a >= 2-2
result transaction,problems <inline>
#>problem e53b29a9 info nothing provides (c with f >= 2-2) needed by f-1-1.noarch
#>problem e53b29a9 solution bf1eefe1 deljob install name a >= 2-2

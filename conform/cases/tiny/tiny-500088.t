repo system 0 testtags <inline>
#>=Ver: 3.0
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: f 2 2 noarch
#>=Prv: f = 2-2
#>=Prv: v = 2-2
#>=Pkg: a 2 1 noarch
#>=Prv: a = 2-1
#>=Req: d <= 2-1
#>=Pkg: b 2 1 noarch
#>=Prv: b = 2-1
#>=Pkg: a 1 1 noarch
#>=Prv: a = 1-1
#>=Prv: b = 1-1
#>=Req: v > 1-1
#>=Vnd: one
#>=Pkg: c 3 1 noarch
#>=Prv: c = 3-1
#>=Rec: e
#>=Pkg: f 1 1 noarch
#>=Prv: f = 1-1
#>=Pkg: b 2 2 noarch
#>=Prv: b = 2-2
#>=Req: f = 3 | b
#>=Pkg: d 2 2 noarch
#>=Prv: d = 2-2
#>=Vnd: one
#>=Pkg: c 2 1 noarch
#>=Prv: c = 2-1
#>=Req: d
repo other 1 testtags <inline>
#>=Ver: 3.0
#>=Pkg: f 3 1 noarch
#>=Prv: f = 3-1
#>=Vnd: one
#>=Pkg: e 2 2 noarch
#>=Prv: e = 2-2
#>=Pkg: a 3 1 noarch
#>=Prv: a = 3-1
#>=Prv: w
#>=Con: d
#>=Obs: a > 3-1
#>=Pkg: b 2 1 noarch
#>=Prv: b = 2-1
#>=Req: b
#>=Req: e
#>=Rec: f > 1-1 + w = 3-1
#>=Pkg: d 3 1 noarch
#>=Prv: d = 3-1
#>=Prv: w
#>=Req: f
#>=Rec: b >= 2-1
#>=Vnd: one
system x86_64 rpm system
poolflags implicitobsoleteusesprovides
job install name w <= 1
job update name f = 1 [cleandeps]
job erase name e
result transaction,problems <inline>
#>problem c43b1300 info package w <= 1 does not exist
#>problem c43b1300 solution 4b46963a deljob install name w <= 1
nextjob
job userinstalled name f = 2-2
job install name w [weak]
job install oneof f-1-1.noarch@available d-2-2.noarch@available [weak]
result transaction,problems <inline>
#>install d-2-2.noarch@available

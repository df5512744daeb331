repo system 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: b 2 1 noarch
#>=Prv: b = 2-1
#>=Req: a <= 3
#>=Rec: e | e
#>=Pkg: e 2 1 x86_64
#>=Prv: e = 2-1
#>=Req: f <= 2
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: c 2 2 noarch
#>=Prv: c = 2-2
#>=Req: f
#>=Con: a >= 1-1
#>=Pkg: d 1 1 x86_64
#>=Prv: d = 1-1
#>=Sug: f
#>=Vnd: one
#>=Pkg: f 1 1 i686
#>=Prv: f = 1-1
#>=Prv: c = 3-1
#>=Req: w > 2-2
#>=Pkg: f 2 1 i686
#>=Prv: f = 2-1
#>=Prv: v
#>=Req: v
#>=Vnd: two
#>=Pkg: c 2 1 i686
#>=Prv: c = 2-1
#>=Pkg: f 3 1 x86_64
#>=Prv: f = 3-1
#>=Pkg: d 1 1 noarch
#>=Prv: d = 1-1
#>=Req: c - e = 1
#>=Con: v
#>=Enh: v
repo other -1 testtags <inline>
#>=Ver: 3.0
#>=Pkg: b 2 2 noarch
#>=Prv: b = 2-2
#>=Req: b
#>=Pkg: b 3 1 x86_64
#>=Prv: b = 3-1
#>=Prv: c = 2-1
#>=Obs: a < 3
system x86_64 rpm system
job update name v <= 3
job disfavor name a >= 2-1 [forcebest]
result transaction,problems <inline>
nextjob
disable pkg f-2-1.i686@available
job install oneof c-2-2.noarch@available f-2-1.i686@available [orupdate]
job weakendeps pkg b-2-2.noarch@other
result transaction,problems <inline>
#>install c-2-2.noarch@available
#>install f-3-1.x86_64@available

repo system 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: d 2 2 x86_64
#>=Prv: d = 2-2
#>=Prv: f = 2-1
#>=Req: c <= 3
#>=Con: e >= 2-1
#>=Rec: f
#>=Sup: d
#>=Pkg: b 3 1 x86_64
#>=Prv: b = 3-1
#>=Prv: v = 3-1
#>=Req: a < 1-1 - c >= 3-1
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: d 1 1 x86_64
#>=Prv: d = 1-1
#>=Prv: e = 2-1
#>=Req: a <UNLESS> b
#>=Pkg: f 3 1 noarch
#>=Prv: f = 3-1
#>=Req: e
#>=Pkg: f 1 1 noarch
#>=Prv: f = 1-1
#>=Req: b > 1-1
#>=Pkg: c 2 1 i686
#>=Prv: c = 2-1
#>=Prv: v = 3-1
#>=Rec: e >= 2-1
#>=Vnd: two
#>=Pkg: a 2 1 i686
#>=Prv: a = 2-1
#>=Prv: d = 1-1
#>=Req: b = 3-1
#>=Req: v
#>=Obs: b
#>=Vnd: two
#>=Pkg: f 2 1 i686
#>=Prv: f = 2-1
#>=Con: c = 2-2
#>=Sup: w >= 3-1
system x86_64 rpm system
solverflags addalreadyrecommended keepexplicitobsoletes
job install name a [targeted]
job weakendeps pkg f-2-1.i686@available
job install pkg a-2-1.i686@available
result transaction,problems <inline>
#>problem ff886ed1 info package a-2-1.i686 obsoletes b provided by b-3-1.x86_64
#>problem ff886ed1 info package a-2-1.i686 obsoletes b provided by b-3-1.x86_64
#>problem ff886ed1 solution 73e50a7e deljob install pkg a-2-1.i686@available
#>problem ff886ed1 solution a296e674 deljob install name a [targeted]
nextjob
job distupgrade all packages
job droporphaned name e >= 2
job update all packages
job multiversion name c = 3
result transaction,problems <inline>
#>problem 26b75067 info package a-2-1.i686 requires b = 3-1, but none of the providers can be installed
#>problem 26b75067 solution 6a7acab1 allow b-3-1.x86_64@system
#>problem 26b75067 solution dc0237ad erase b-3-1.x86_64@system
#>problem 3672fffb info package a-2-1.i686 requires b = 3-1, but none of the providers can be installed
#>problem 3672fffb solution 4a76e4a2 erase d-2-2.x86_64@system
#>problem 3672fffb solution 92e2fc62 allow d-2-2.x86_64@system

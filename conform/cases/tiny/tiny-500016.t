repo system 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: e 1 1 i686
#>=Prv: e = 1-1
#>=Req: a < 2-2 <UNLESS> c
#>=Vnd: one
#>=Pkg: a 1 1 noarch
#>=Prv: a = 1-1
#>=Rec: e = 2
#>=Pkg: d 3 1 x86_64
#>=Prv: d = 3-1
#>=Prv: v = 3-1
#>=Req: d < 2-2 + f
#>=Obs: a = 1
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: a 2 2 x86_64
#>=Prv: a = 2-2
#>=Req: f
#>=Obs: d = 1-1
#>=Rec: v >= 1
#>=Sug: b > 1
#>=Pkg: b 3 1 x86_64
#>=Prv: b = 3-1
#>=Req: d = 3
#>=Pkg: f 2 2 noarch
#>=Prv: f = 2-2
#>=Vnd: two
#>=Pkg: d 2 1 x86_64
#>=Prv: d = 2-1
#>=Req: b | b <= 1-1
repo other 1 testtags <inline>
#>=Ver: 3.0
#>=Pkg: e 2 1 i686
#>=Prv: e = 2-1
#>=Prv: f = 2-2
#>=Pkg: a 2 1 x86_64
#>=Prv: a = 2-1
#>=Req: e > 2-1
#>=Sup: v < 2-1
#>=Pkg: b 3 1 noarch
#>=Prv: b = 3-1
#>=Req: f
#>=Rec: a >= 1
#>=Pkg: f 2 2 x86_64
#>=Prv: f = 2-2
#>=Req: c
#>=Req: e < 1
#>=Vnd: two
#>=Pkg: e 2 2 x86_64
#>=Prv: e = 2-2
#>=Req: a < 2
#>=Req: c < 3
system x86_64 rpm system
job distupgrade name e > 1
job erase oneof e-2-2.x86_64@other a-2-2.x86_64@available [setevr]
job install name b
result transaction,problems <inline>
#>install b-3-1.noarch@other
#>problem 0abcfc2b info nothing provides c < 3 needed by e-2-2.x86_64
#>problem 0abcfc2b solution 0ecff857 erase e-1-1.i686@system
#>problem 0abcfc2b solution 12576aef allow e-1-1.i686@system
#>problem 0abcfc2b solution c963062c allow e-2-1.i686@other
#>upgrade e-1-1.i686@system e-2-1.i686@other
nextjob
solverflags focusnew
job weakendeps name c
job multiversion provides d
result transaction,problems <inline>

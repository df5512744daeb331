repo system 0 testtags <inline>
#>=Ver: 3.0
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: b 2 2 noarch
#>=Prv: b = 2-2
#>=Prv: v = 3-1
#>=Req: w
#>=Req: e
#>=Pkg: a 1 1 noarch
#>=Prv: a = 1-1
#>=Prv: v = 2-1
#>=Pkg: f 1 1 noarch
#>=Prv: f = 1-1
#>=Prv: v = 1-1
#>=Rec: e < 2-2
#>=Pkg: f 2 2 noarch
#>=Prv: f = 2-2
#>=Prv: v
#>=Prv: a = 1-1
#>=Rec: w <UNLESS> v <= 3-1
#>=Pkg: d 2 2 noarch
#>=Prv: d = 2-2
#>=Pkg: c 1 1 noarch
#>=Prv: c = 1-1
#>=Prv: v
#>=Req: d
#>=Pkg: f 2 1 noarch
#>=Prv: f = 2-1
#>=Prv: w
#>=Req: c = 2
#>=Con: f = 1-1
#>=Pkg: b 1 1 noarch
#>=Prv: b = 1-1
#>=Prv: d = 1-1
#>=Req: e = 2
#>=Sup: a
#>=Pkg: c 2 1 noarch
#>=Prv: c = 2-1
#>=Req: d >= 2-2
#>=Pkg: c 3 1 noarch
#>=Prv: c = 3-1
#>=Req: c <= 2-1
#>=Rec: w > 2-2
system i686 rpm system
job install pkg c-3-1.noarch@available
job verify provides c >= 1-1 [setvendor]
job install provides v
job erase provides b
result transaction,problems <inline>
#>install a-1-1.noarch@available
#>problem 5c274f4f info package c-3-1.noarch requires c <= 2-1, but none of the providers can be installed
#>problem 5c274f4f solution 0f4ead56 deljob install pkg c-3-1.noarch@available
nextjob
solverflags !dupallowdowngrade
job update all packages [weak]
job lock name e [forcebest]
job update name f >= 1
result transaction,problems <inline>

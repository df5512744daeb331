repo system 0 testtags <inline>
#>=Ver: 3.0
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: e 3 1 x86_64
#>=Prv: e = 3-1
#>=Req: f < 2-1
#>=Pkg: f 1 1 noarch
#>=Prv: f = 1-1
#>=Req: w
#>=Req: d < 3-1
#>=Sug: w
#>=Pkg: f 2 1 x86_64
#>=Prv: f = 2-1
#>=Req: e < 3
#>=Vnd: two
#>=Pkg: d 2 2 i686
#>=Prv: d = 2-2
#>=Req: d < 3-1
#>=Pkg: d 3 1 x86_64
#>=Prv: d = 3-1
#>=Prv: w = 2-1
#>=Req: f < 1-1 | e
#>=Req: a
#>=Sug: c = 3
#>=Enh: w <= 1-1
#>=Vnd: two
repo other -1 testtags <inline>
#>=Ver: 3.0
#>=Pkg: e 2 2 noarch
#>=Prv: e = 2-2
system i686 rpm system
solverflags strongrecommends ignorerecommended
job disfavor pkg e-3-1.x86_64@available
job disfavor repo available
job update pkg f-1-1.noarch@available
job erase provides d
result transaction,problems <inline>
nextjob
job install pkg d-3-1.x86_64@available [setarch]
job lock name e
job update all packages [setrepo]
result transaction,problems <inline>
#>problem 66ce73af info package d-3-1.x86_64 does not have a compatible architecture
#>problem 66ce73af solution d6d566af deljob install pkg d-3-1.x86_64@available [setarch]

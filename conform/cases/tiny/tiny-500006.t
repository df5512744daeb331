repo system 0 testtags <inline>
#>=Ver: 3.0
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: f 1 1 noarch
#>=Prv: f = 1-1
#>=Req: f > 1-1
#>=Pkg: e 2 2 noarch
#>=Prv: e = 2-2
#>=Prv: a = 1-1
#>=Req: d <IF> (a <ELSE> d >= 2-1)
#>=Req: c
#>=Enh: w
#>=Pkg: a 3 1 noarch
#>=Prv: a = 3-1
#>=Con: d
system x86_64 rpm system
job install pkg f-1-1.noarch@available
job lock provides a < 1 [essential]
result transaction,problems <inline>
#>problem 82ca7d03 info nothing provides f > 1-1 needed by f-1-1.noarch
#>problem 82ca7d03 solution b93f62d2 deljob install pkg f-1-1.noarch@available
nextjob
solverflags !allownamechange strongrecommends
job lock name e < 1-1 [essential]
job distupgrade all packages [targeted]
job userinstalled name w > 2-1
result transaction,problems <inline>

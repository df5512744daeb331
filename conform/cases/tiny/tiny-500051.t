repo system 0 testtags <inline>
#>=Ver: 3.0
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: a 1 1 noarch
#>=Prv: a = 1-1
#>=Prv: w = 2-2
#>=Prv: e = 2-2
#>=Pkg: c 2 2 noarch
#>=Prv: c = 2-2
#>=Prv: v
system i686 rpm system
solverflags installalsoupdates
job verify name c [orupdate]
job install provides v
job erase name c
result transaction,problems <inline>
#>problem fdd58a53 info conflicting requests
#>problem fdd58a53 solution 01d8d32b deljob erase name c
#>problem fdd58a53 solution 2b286a2a deljob install provides v
nextjob
solverflags !dupallowdowngrade
job distupgrade all packages
result transaction,problems <inline>

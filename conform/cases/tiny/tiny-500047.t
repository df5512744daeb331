repo system 0 testtags <inline>
#>=Ver: 3.0
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: c 2 1 noarch
#>=Prv: c = 2-1
#>=Req: b
#>=Sup: a > 2-1
#>=Pkg: d 2 2 noarch
#>=Prv: d = 2-2
#>=Prv: v
#>=Con: b
#>=Rec: e
#>=Pkg: c 3 1 noarch
#>=Prv: c = 3-1
#>=Con: d <IF> (e > 2-2 + a)
#>=Rec: a
repo other -1 testtags <inline>
#>=Ver: 3.0
#>=Pkg: d 2 2 noarch
#>=Prv: d = 2-2
#>=Req: b > 1-1
#>=Req: v = 3-1
system x86_64 rpm system
job distupgrade name w
job install oneof c-3-1.noarch@available d-2-2.noarch@available [setrepo]
result transaction,problems <inline>
#>install d-2-2.noarch@available
nextjob
disable pkg d-2-2.noarch@available
solverflags breakorphans
job lock provides v
job lock name v [cleandeps]
result transaction,problems <inline>

repo system 0 testtags <inline>
#>=Ver: 3.0
repo available 0 testtags <inline>
#>=Ver: 3.0
#>=Pkg: b 1 1 noarch
#>=Prv: b = 1-1
#>=Rec: e > 2-2
#>=Pkg: a 2 1 noarch
#>=Prv: a = 2-1
#>=Req: d = 1-1
#>=Obs: f
#>=Pkg: e 2 2 noarch
#>=Prv: e = 2-2
#>=Prv: v
#>=Req: a
#>=Req: f > 2-2
#>=Rec: w
#>=Sup: w
#>=Pkg: f 3 1 noarch
#>=Prv: f = 3-1
#>=Req: d >= 1-1 | w >= 2-1
#>=Rec: e | (f - f >= 3-1)
#>=Pkg: a 2 2 noarch
#>=Prv: a = 2-2
#>=Req: w < 3
#>=Req: a
#>=Pkg: a 1 1 noarch
#>=Prv: a = 1-1
#>=Prv: w = 2-1
#>=Req: v - w
#>=Con: b
system i686 rpm system
job install provides v > 3-1 [orupdate]
job verify all packages
job distupgrade provides d = 3 [weak]
job install name d
result transaction,problems <inline>
#>install a-1-1.noarch@available
#>install e-2-2.noarch@available
#>install f-3-1.noarch@available
#>problem c43b1300 info package d does not exist
#>problem c43b1300 solution e1b58e11 deljob install name d
nextjob
solverflags allowvendorchange addalreadyrecommended allowarchchange
job install pkg f-3-1.noarch@available
job multiversion pkg e-2-2.noarch@available
job install name b [forcebest]
result transaction,problems <inline>
#>problem ead2a623 info package f-3-1.noarch requires (d >= 1-1 or w >= 2-1), but none of the providers can be installed
#>problem ead2a623 solution 465f9d93 deljob install name b [forcebest]
#>problem ead2a623 solution fa42aa6a deljob install pkg f-3-1.noarch@available

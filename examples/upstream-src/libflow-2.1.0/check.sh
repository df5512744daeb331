set -e
test "$(./flowctl --version)" = "flowctl 2.1.0"
test "$(./flowctl 10 3 4)" = "3.50 ml/s, 0.3500 per mm"
! ./flowctl 2> /dev/null

#!/bin/bash
# Many nodes in virtual time.
. "$CLUSTER_LAB_TOP/tests/support/suite.bash"
build "$top/build" -- && count_labelled "$top/build" sim || fail "build"
finish

#!/bin/bash
# The walls between the folders.
. "$CLUSTER_LAB_TOP/tests/support/suite.bash"
build "$top/build" -- && count_labelled "$top/build" architecture || fail "build"
finish

#!/bin/bash
# The tests of single parts, which run anywhere.
. "$CLUSTER_LAB_TOP/tests/support/suite.bash"
must_build "$top/build" --
count_labelled "$top/build" unit
finish

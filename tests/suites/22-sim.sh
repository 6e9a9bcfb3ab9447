#!/bin/bash
# Many nodes in virtual time.
. "$CLUSTER_LAB_TOP/tests/support/suite.bash"
must_build "$top/build" --
count_labelled "$top/build" sim
finish

#!/bin/bash
# Whole daemons in the virtual lab.
. "$CLUSTER_LAB_TOP/tests/support/suite.bash"
must_build "$top/build" --
count system "$top/tests/system/run"
finish

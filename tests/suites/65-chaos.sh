#!/bin/bash
# Faults of all kinds while clients write, lock and read; and the checkers that judge what these saw.
. "$CLUSTER_LAB_TOP/tests/support/suite.bash"
must_build "$top/build" --
count "checkers of histories" "$top/tests/chaos/history_test.py"
finish

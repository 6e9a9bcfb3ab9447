#!/bin/bash
# The walls between the folders.
. "$CLUSTER_LAB_TOP/tests/support/suite.bash"
must_build "$top/build" --
count_labelled "$top/build" architecture
finish

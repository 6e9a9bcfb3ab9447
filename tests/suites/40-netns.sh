#!/bin/bash
# The drivers against this kernel, in network namespaces.
. "$CLUSTER_LAB_TOP/tests/support/suite.bash"
must_build "$top/build" --
count_labelled "$top/build" "netns|etcd"
finish

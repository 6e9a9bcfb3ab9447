#!/bin/bash
# netns, and what of system depends on the link, again over real 802.1Q, under user-mode-linux, whose kernel has
# it in any case.
. "$CLUSTER_LAB_TOP/tests/support/suite.bash"
must_build "$top/build" --
count "under user-mode-linux" "$top/tests/support/uml/run" "$top/tests/support/uml/vlan-job"
finish

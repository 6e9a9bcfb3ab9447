#!/bin/bash
# unit and sim again with AddressSanitizer and UndefinedBehaviorSanitizer.
. "$CLUSTER_LAB_TOP/tests/support/suite.bash"
must_build "$top/build/sanitized" -DCLUSTER_LAB_SANITIZE=address,undefined -DCMAKE_BUILD_TYPE=RelWithDebInfo --
count_labelled "$top/build/sanitized" "unit|sim"
finish

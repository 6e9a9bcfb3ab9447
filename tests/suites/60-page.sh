#!/bin/bash
# The page in headless Chromium, on a lab of three nodes.
. "$CLUSTER_LAB_TOP/tests/support/suite.bash"
export CLUSTER_LAB_LAB=page CLUSTER_LAB_PAGE_OUTPUT=$top/build/test-logs/page
must_build "$top/build" --
count page "$top/tests/system/page_test.py"
finish

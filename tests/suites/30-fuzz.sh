#!/bin/bash
# Every parser of bytes from the wire, for some seconds each.
# Lane: computing
. "$CLUSTER_LAB_TOP/tests/support/suite.bash"
count fuzz "$top/tests/fuzz/run" 5
finish

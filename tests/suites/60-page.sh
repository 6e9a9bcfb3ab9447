#!/bin/bash
# The page in headless Chromium, on a lab of three nodes, one of which takes changes from the LAN.
. "$CLUSTER_LAB_TOP/tests/support/suite.bash"
export CLUSTER_LAB_LAB=page CLUSTER_LAB_PAGE_LAB=$top/lab CLUSTER_LAB_PAGE_OUTPUT=$top/build/test-logs/page
must_build "$top/build" --

urls_of_nodes() {
  "$top/lab" ls --json |
    python3 -c 'import json, sys; [print("http://%s:8500" % n["lan_address"]) for n in json.load(sys.stdin)]'
}

trap '"$top/lab" down' EXIT
check "playwright-core from npm" as_owner npm --prefix "$top/tests/page" ci --no-audit --no-fund --ignore-scripts
check "a lab of two nodes" "$top/lab" up 2
check "a third that takes changes from the LAN, and is a Raspberry Pi" "$top/lab" add -- \
  --registry.lan-writes=yes "--board.root=$top/tests/page/board"
CLUSTER_LAB_PAGE_URLS=$(urls_of_nodes | xargs) count page node "$top/tests/page/page_test.mjs"
finish

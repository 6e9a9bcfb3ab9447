#!/bin/bash
# The page in headless Chromium, on a lab of three nodes.
. "$CLUSTER_LAB_TOP/tests/support/suite.bash"
export CLUSTER_LAB_LAB=page CLUSTER_LAB_PAGE_LAB=$top/lab CLUSTER_LAB_PAGE_OUTPUT=$top/build/test-logs/page
trap '"$top/lab" down' EXIT
if as_owner npm --prefix "$top/tests/page" ci --no-audit --no-fund && "$top/lab" up 3; then
  CLUSTER_LAB_PAGE_URLS=$("$top/lab" ls --json |
    python3 -c 'import json, sys; print(*(f"http://{n['"'lan_address'"']}:8500" for n in json.load(sys.stdin)))')
  export CLUSTER_LAB_PAGE_URLS
  count page node "$top/tests/page/page_test.mjs"
else
  fail "lab of three nodes and playwright-core"
fi
finish

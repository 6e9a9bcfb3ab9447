#!/bin/bash
# Real clients of Consul, unmodified, against the registry of a lab; and its answers beside a real Consul's.
. "$CLUSTER_LAB_TOP/tests/support/suite.bash"
must_build "$top/build" --
# Cases that need what cannot be had are skipped by name, with this reason.
CLUSTER_LAB_NO_DEBIAN_11=$(as_owner "$top/tests/support/consul_package" "$top/build/debian11" 2>&1 | tail -1)
export CLUSTER_LAB_NO_DEBIAN_11
check "consul from npm" as_owner npm --prefix "$top/tests/clients/npm" ci --no-audit --no-fund --ignore-scripts
count clients "$top/tests/clients/run"
count differential "$top/tests/clients/differential.py"
finish

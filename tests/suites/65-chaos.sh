#!/bin/bash
# Faults of all kinds while clients write, lock and read; and the checkers that judge what these saw.
# CHAOS_SEED plays other rounds.
. "$CLUSTER_LAB_TOP/tests/support/suite.bash"
must_build "$top/build" --
count "checkers of histories" "$top/tests/chaos/history_test.py"
count "five nodes" "$top/tests/chaos/run" --nodes 5 --rounds 20 --seed "${CHAOS_SEED:-1}"
count "two nodes" "$top/tests/chaos/run" --nodes 2 --rounds 20 --seed "${CHAOS_SEED:-1}"
count "three nodes, registry in etcd" "$top/tests/chaos/run" --store etcd --nodes 3 --rounds 22 --seed "${CHAOS_SEED:-1}"
finish

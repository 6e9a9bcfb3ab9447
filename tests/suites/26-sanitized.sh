#!/bin/bash
# unit and sim again with AddressSanitizer and UndefinedBehaviorSanitizer, by another compiler. Unoptimised: that builds
# in a fraction of the time, and the simulation plays fewer worlds.
# Lane: computing
. "$CLUSTER_LAB_TOP/tests/support/suite.bash"
must_build "$top/build" --
mapfile -t targets < <(tests_labelled "$top/build" "unit|sim" | xargs -n1 basename)
must_build "$top/build/sanitized" -DCLUSTER_LAB_SANITIZE=address,undefined -DCMAKE_CXX_COMPILER=clang++-19 \
  -DCLUSTER_LAB_WERROR=OFF -DCMAKE_BUILD_TYPE=Debug "-DCMAKE_CXX_FLAGS_DEBUG=-O0 -g1" -- "${targets[@]}"
export SIM_RUNS=1000
count_labelled "$top/build/sanitized" "unit|sim"
finish

#!/bin/bash
# Formatting, clang-tidy, and (in CI) no compiler warning anywhere.
# Lane: computing
. "$CLUSTER_LAB_TOP/tests/support/suite.bash"
must_build "$top/build" --
mapfile -t files < <(find "$top/src" "$top/tests" -path '*/node_modules' -prune -o \
  \( -name '*.cpp' -o -name '*.hpp' \) -print)
check "clang-format-14" clang-format-14 --dry-run -Werror "${files[@]}"
count "clang-tidy-19" "$top/tests/support/tidy" "$top/build"
finish

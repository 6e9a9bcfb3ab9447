# source me: what the suites in tests/suites share. Ends the suite with its counts.
set -uo pipefail
top=$CLUSTER_LAB_TOP
passed=0 failed=0 skipped=0

# The build directory belongs to whom the sources belong, also when this runs by sudo.
as_owner() {
  local owner
  owner=$(stat -c %U "$top")
  case $owner in
    root | UNKNOWN) "$@" ;;
    *) runuser -u "$owner" -- env HOME="$(getent passwd "$owner" | cut -d: -f6)" "$@" ;;
  esac
}

# build DIRECTORY [CMAKE-OPTION...] -- [TARGET...]: configures if that was not done, and builds.
# In CI warnings are errors.
build() {
  local directory=$1 options=()
  shift
  while [ $# -gt 0 ] && [ "$1" != -- ]; do options+=("$1"); shift; done
  [ $# -eq 0 ] || shift
  [ -f "$directory/build.ninja" ] ||
    as_owner cmake -S "$top" -B "$directory" -G Ninja ${CI:+-DCLUSTER_LAB_WERROR=ON} "${options[@]}" || return
  as_owner nice -n 19 ninja -C "$directory" --quiet "$@"
}

# The same; a suite that cannot be built ends here.
must_build() {
  build "$@" && return
  fail "build"
  finish
  exit 1
}

# The tests of a build directory with one of these ctest labels, a path per line.
tests_labelled() {
  local directory=$1 labels=$2
  ctest --test-dir "$directory" --show-only=json-v1 -L "^($labels)\$" |
    python3 -c 'import json, sys; [print(test["command"][0]) for test in json.load(sys.stdin)["tests"]]'
}

pass() { passed=$((passed + 1)); echo "PASS $1"; }
fail() { failed=$((failed + 1)); echo "FAIL $1"; }
skip() { skipped=$((skipped + 1)); echo "SKIP $1: $2"; }
# check NAME COMMAND...: passes when the command does.
check() { local name=$1; shift; if "$@"; then pass "$name"; else fail "$name"; fi; }

# Runs a program that ends with its counts, and adds them.
count() {
  local name=$1 output code counts
  shift
  echo "--- $name"
  output=$(mktemp)
  "$@" 2>&1 | tee "$output"
  code=${PIPESTATUS[0]}
  counts=$(tail -1 "$output")
  rm -f "$output"
  if [[ $counts =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
    passed=$((passed + BASH_REMATCH[1]))
    failed=$((failed + BASH_REMATCH[2]))
    skipped=$((skipped + BASH_REMATCH[3]))
    if [ "$counts" = "0 passed, 0 failed, 0 skipped" ]; then
      fail "$name: ran nothing"
    elif [ "$code" != 0 ] && [ "${BASH_REMATCH[2]}" = 0 ]; then
      fail "$name: exit status $code"
    fi
  else
    fail "$name: ended without its counts, exit status $code"
  fi
}

# Runs all tests with one of these labels ("unit|sim"); none there is a failure.
count_labelled() {
  local programs=() program
  mapfile -t programs < <(tests_labelled "$1" "$2")
  [ ${#programs[@]} -gt 0 ] || fail "no tests with label $2"
  for program in "${programs[@]}"; do count "$(basename "$program")" "$program"; done
}

finish() {
  echo "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" = 0 ]
}

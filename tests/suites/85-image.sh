#!/bin/bash
# The SD image for armhf, from the package on, booted on two boards of qemu. image/test arm64 does the same for the other
# architecture.
# Lane: computing
. "$CLUSTER_LAB_TOP/tests/support/suite.bash"
image=$top/build/image/cluster-lab-armhf.img.xz

# Minutes since the run of all suites began. CI ends it after 90, and this takes 25: there it begins in time or not at all.
began=${CLUSTER_LAB_RUN_BEGAN:-$(date +%s)}
gone=$((($(date +%s) - began) / 60))
latest=55

# Not every mirror has what Debian itself does not call free.
has_firmware() {
  local archive
  archive=$("$top/toolchains/archive") &&
    curl -sfIL -m 30 -o /dev/null "${archive%/}/dists/bookworm/non-free-firmware/binary-armhf/Packages.xz"
}

if [ -n "${CI:-}" ] && [ $gone -gt $latest ]; then
  skip "the SD image" "no time is left in CI after $gone minutes: ./lab test image"
elif ! has_firmware; then
  skip "the SD image" "apt's mirror has no firmware for Raspberry Pis"
elif check "image/build armhf" "$top/image/build" armhf; then
  check "it is below 350 MB" test "$(stat -c %s "$image")" -lt 350000000
  count "two boards" "$top/image/test" armhf
fi
finish

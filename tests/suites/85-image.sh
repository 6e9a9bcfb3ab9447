#!/bin/bash
# The SD image for armhf, from the package on, booted on two boards of qemu. image/test arm64 does the same for the other
# architecture.
# Lane: computing
. "$CLUSTER_LAB_TOP/tests/support/suite.bash"
image=$top/build/image/cluster-lab-armhf.img.xz

# Not every mirror has what Debian itself does not call free.
has_firmware() {
  local archive
  archive=$("$top/toolchains/archive") &&
    curl -sfIL -m 30 -o /dev/null "${archive%/}/dists/bookworm/non-free-firmware/binary-armhf/Packages.xz"
}

if ! has_firmware; then
  skip "the SD image" "apt's mirror has no firmware for Raspberry Pis"
elif check "image/build armhf" "$top/image/build" armhf; then
  check "it is below 350 MB" test "$(stat -c %s "$image")" -lt 350000000
  count "two boards" "$top/image/test" armhf
fi
finish

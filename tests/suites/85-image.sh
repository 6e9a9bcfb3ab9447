#!/bin/bash
# The SD image: built for armhf, and booted twice in qemu. image/test arm64 does the same for the other architecture.
# Lane: computing
. "$CLUSTER_LAB_TOP/tests/support/suite.bash"
image=$top/build/image/cluster-lab-armhf.img.xz

# Why there can be no image here; nothing where there can be one.
why_not() {
  local archive
  command -v qemu-system-arm >/dev/null || { echo "there is no qemu-system-arm"; return; }
  archive=$("$top/toolchains/archive") && curl -sfIL -m 30 -o /dev/null "${archive%/}/dists/bookworm/non-free-firmware/binary-armhf/Packages.xz" ||
    echo "Debian's archive has no firmware for Raspberry Pis here"
}

reason=$(why_not)
if [ -n "$reason" ]; then
  skip "the SD image" "$reason"
elif check "image/build armhf" "$top/image/build" armhf; then
  check "below 350 MB: $(du -m "$image" | cut -f1) MB" test "$(stat -c %s "$image")" -lt 350000000
  count "two boards" "$top/image/test" armhf
fi
finish

#!/bin/bash
# The Debian package: built, checked, installed in a clean root, there from a signed repository too, on two machines
# with systemd, and beside what manages or filters the network there.
. "$CLUSTER_LAB_TOP/tests/support/suite.bash"
export CLUSTER_LAB_PACKAGE_WORK=$top/build/package
rm -rf "$CLUSTER_LAB_PACKAGE_WORK"
as_owner mkdir -p "$CLUSTER_LAB_PACKAGE_WORK"
check "dpkg-buildpackage" "$top/tests/package/build" "$CLUSTER_LAB_PACKAGE_WORK"
check "lintian" lintian --allow-root --fail-on error,warning "$CLUSTER_LAB_PACKAGE_WORK"/hypriot-cluster-lab_*.changes
count "hardening" "$top/tests/package/hardened" "$CLUSTER_LAB_PACKAGE_WORK"/hypriot-cluster-lab_*.deb
check "systemd-analyze security: 2.0 or better" systemd-analyze security --no-pager --offline=true \
  --threshold=20 "$top/systemd/cluster-start.service"
if check "a clean root" "$top/tests/package/make_root" "$CLUSTER_LAB_PACKAGE_WORK"; then
  count "install, upgrade, remove, purge" "$top/tests/package/clean_root" "$CLUSTER_LAB_PACKAGE_WORK"
  count "a signed repository" "$top/tests/package/repository" "$CLUSTER_LAB_PACKAGE_WORK"
  count "two machines" "$top/tests/package/two_machines" "$CLUSTER_LAB_PACKAGE_WORK"
fi
# The one that Raspberry Pi OS has; the others are run by hand.
count "network managers" "$top/tests/package/network_managers" "$CLUSTER_LAB_PACKAGE_WORK" NetworkManager
rm -rf "$CLUSTER_LAB_PACKAGE_WORK"/root* "$CLUSTER_LAB_PACKAGE_WORK"/source
finish

#!/bin/bash
# unit and sim for a 32 bit Pi, by the cross compiler and under qemu-user. toolchains/build ARCH --test does the same for
# the other architectures.
# Lane: computing
. "$CLUSTER_LAB_TOP/tests/support/suite.bash"
count "armhf" "$top/toolchains/build" armhf --test
finish

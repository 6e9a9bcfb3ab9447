#!/bin/bash
# What the SD image does with the settings on its FAT partition, without booting it; and the writing of cards.
. "$CLUSTER_LAB_TOP/tests/support/suite.bash"
must_build "$top/build" -- cluster-labd
count card "$top/tests/image/card_test.py"
count flash "$top/tests/image/flash_test.py"
finish

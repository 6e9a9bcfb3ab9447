# armhf: Raspberry Pi 2 and later with a 32 bit Debian (ARMv7, hard float).
set(CMAKE_SYSTEM_PROCESSOR armv7l)
set(CLUSTER_LAB_TRIPLET arm-linux-gnueabihf)
set(CLUSTER_LAB_QEMU_NAME qemu-arm-static)
include(${CMAKE_CURRENT_LIST_DIR}/debian-cross.cmake)

# armel: Raspberry Pi 1 and Zero with Debian (ARMv5TE, soft float; the board is ARMv6).
set(CMAKE_SYSTEM_PROCESSOR armv5tel)
set(CLUSTER_LAB_TRIPLET arm-linux-gnueabi)
set(CLUSTER_LAB_QEMU_NAME qemu-arm-static)
include(${CMAKE_CURRENT_LIST_DIR}/debian-cross.cmake)

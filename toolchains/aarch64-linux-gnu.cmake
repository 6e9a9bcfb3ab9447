# arm64: Raspberry Pi 3 and later with a 64 bit Debian.
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CLUSTER_LAB_TRIPLET aarch64-linux-gnu)
set(CLUSTER_LAB_QEMU_NAME qemu-aarch64-static)
include(${CMAKE_CURRENT_LIST_DIR}/debian-cross.cmake)

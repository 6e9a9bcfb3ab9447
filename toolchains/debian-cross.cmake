# What the architectures share: a Debian with the cross compiler of CLUSTER_LAB_TRIPLET and the libraries of that
# architecture beside its own, as toolchains/buildroot makes it. Programs run by qemu-user, in CTest too.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_C_COMPILER ${CLUSTER_LAB_TRIPLET}-gcc)
set(CMAKE_CXX_COMPILER ${CLUSTER_LAB_TRIPLET}-g++)
set(CMAKE_LIBRARY_ARCHITECTURE ${CLUSTER_LAB_TRIPLET})
# Large files, as the packages have them. Not to be told of every std::list that g++ passes otherwise than g++ 6 did:
# nothing here is that old.
set(CMAKE_CXX_FLAGS_INIT "-Wno-psabi -D_FILE_OFFSET_BITS=64")

set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH /usr/${CLUSTER_LAB_TRIPLET} /)

# In place of the built-in search path: this machine's own libraries are not found.
set(ENV{PKG_CONFIG_LIBDIR} /usr/lib/${CLUSTER_LAB_TRIPLET}/pkgconfig:/usr/share/pkgconfig)

find_program(CLUSTER_LAB_QEMU ${CLUSTER_LAB_QEMU_NAME})
if(CLUSTER_LAB_QEMU)
  set(CMAKE_CROSSCOMPILING_EMULATOR ${CLUSTER_LAB_QEMU})
endif()

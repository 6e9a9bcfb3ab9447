# Libraries of the distribution. Each is a target cluster_lab_dep_NAME, so that a module names what
# it links in one word.
include(CheckCXXSourceCompiles)
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(Boost 1.74 CONFIG REQUIRED COMPONENTS program_options)
pkg_check_modules(NL_ROUTE REQUIRED IMPORTED_TARGET libnl-3.0 libnl-route-3.0)
pkg_check_modules(SYSTEMD REQUIRED IMPORTED_TARGET libsystemd)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
pkg_check_modules(HTTPLIB REQUIRED IMPORTED_TARGET cpp-httplib)
pkg_check_modules(CRYPTO REQUIRED IMPORTED_TARGET libcrypto)
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)

add_library(cluster_lab_dep_nl ALIAS PkgConfig::NL_ROUTE)
add_library(cluster_lab_dep_systemd ALIAS PkgConfig::SYSTEMD)
add_library(cluster_lab_dep_sqlite ALIAS PkgConfig::SQLITE)
add_library(cluster_lab_dep_options ALIAS Boost::program_options)
add_library(cluster_lab_dep_fmt ALIAS fmt::fmt)
add_library(cluster_lab_dep_json ALIAS nlohmann_json::nlohmann_json)
add_library(cluster_lab_dep_crypto ALIAS PkgConfig::CRYPTO)
add_library(cluster_lab_dep_zlib ALIAS PkgConfig::ZLIB)
# With what threads share: ARM before version 6 (armel) has no instruction for 64 bits of it.
check_cxx_source_compiles("#include <atomic>
  std::atomic<unsigned long long> number;
  int main() { return static_cast<int>(++number); }" CLUSTER_LAB_ATOMIC_64)
add_library(cluster_lab_dep_threads INTERFACE)
target_link_libraries(cluster_lab_dep_threads INTERFACE Threads::Threads)
if(NOT CLUSTER_LAB_ATOMIC_64)
  target_link_libraries(cluster_lab_dep_threads INTERFACE atomic)
endif()
# Brings the feature macros that the split library was built with: the header must see the same.
add_library(cluster_lab_dep_httplib ALIAS PkgConfig::HTTPLIB)

#pragma once

#include <cstddef>

namespace cluster_lab::http {

/// Leaves the low descriptors to those that need them: cpp-httplib's client waits by select(2),
/// which cannot hold numbers from FD_SETSIZE (1024) on. Where the limit is lower, it stays as it
/// is.
[[nodiscard]] int movedUp(int descriptor);

/// Raises this process's limit of descriptors so that `count` fit above the low ones, as far as the
/// system lets us.
void makeRoomFor(std::size_t count);

}  // namespace cluster_lab::http

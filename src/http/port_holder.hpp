#pragma once

#include <cstdint>
#include <string>

namespace cluster_lab::http {

/// Which process listens on that TCP port, as "dockerd (pid 412)", by what /proc lets us see.
/// Empty: nobody, or a process whose descriptors we may not read.
[[nodiscard]] std::string holderOfPort(std::uint16_t port);

}  // namespace cluster_lab::http

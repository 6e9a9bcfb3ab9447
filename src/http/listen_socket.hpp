#pragma once

#include <cstdint>
#include <string>

#include "base/error.hpp"

namespace cluster_lab::http {

/// A TCP socket that listens at a numeric address, which need not exist on this machine yet. The
/// caller closes it. Conflict: the port is taken, and by whom where that can be told.
[[nodiscard]] Result<int> listenOn(const std::string& address, std::uint16_t port);
/// The port that a socket is bound to.
[[nodiscard]] std::uint16_t boundPort(int socket);

}  // namespace cluster_lab::http

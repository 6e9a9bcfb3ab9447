#pragma once

#include <functional>

#include "base/error.hpp"
#include "http/client.hpp"

namespace cluster_lab::http {

/// A socket connected to where the options point. `onSocket` is told its number before it connects,
/// so that another thread can shut it down; false from there gives the try up.
[[nodiscard]] Result<int> connectTo(const ClientOptions& options,
                                    const std::function<bool(int)>& onSocket);
/// "192.168.200.1:8500", or the socket's path.
[[nodiscard]] std::string placeOf(const ClientOptions& options);

}  // namespace cluster_lab::http

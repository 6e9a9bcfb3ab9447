#pragma once

#include <chrono>
#include <stop_token>
#include <string>

#include "base/error.hpp"

namespace cluster_lab::os {

/// Connects to HOST:PORT by TCP and hangs up at once: does somebody listen there? Blocks, at most
/// `longest` behind the look-up of a host name, which the C library does in its own time; asked to
/// stop, it ends within 100 ms. Tries each address of the name. The error has Go's words, as
/// Consul's clients know them.
[[nodiscard]] Result<void> probeTcp(const std::string& hostAndPort,
                                    std::chrono::milliseconds longest,
                                    const std::stop_token& stop = {});

}  // namespace cluster_lab::os

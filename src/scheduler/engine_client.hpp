#pragma once

#include <cstdint>

#include "base/error.hpp"
#include "base/ipv4.hpp"
#include "registry/records.hpp"

namespace cluster_lab::scheduler {

/// Registers a node with the leader's scheduler endpoint (docs/scheduler.md). Blocks, 6 s at most.
/// Unavailable, TimedOut: nobody answers there, or it does not lead. InvalidArgument,
/// PermissionDenied: it refused, in its words.
[[nodiscard]] Result<void> registerEngine(Ipv4 leader, std::uint16_t port,
                                          const registry::Engine& engine);

}  // namespace cluster_lab::scheduler

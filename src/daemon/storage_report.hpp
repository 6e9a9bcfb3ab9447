#pragma once

#include <string>

#include "base/node_id.hpp"

namespace cluster_lab::registry {
class Registry;
}

namespace cluster_lab::daemon {

/// How the registry is kept, by which nodes, and who of them answers, as JSON (docs/etcd.md). Asks
/// etcd's servers: blocks for half a second each where they do not answer.
[[nodiscard]] std::string storageReport(const registry::Registry& registry, const NodeId& self);

/// The node's name, as far as the registry knows it, else its id.
[[nodiscard]] std::string nameIn(const registry::Registry& registry, const NodeId& node);

}  // namespace cluster_lab::daemon

#pragma once

#include "registry/rows.hpp"

namespace cluster_lab::registry {
class State;
}

namespace cluster_lab::agent {

/// Does the catalog show this node's services and checks as they are? Outputs do not count: they
/// follow in their own time.
[[nodiscard]] bool shows(const registry::State& catalog, const registry::NodeServices& services);

}  // namespace cluster_lab::agent

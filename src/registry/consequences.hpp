#pragma once

#include "registry/change_set.hpp"
#include "registry/state.hpp"

namespace cluster_lab::registry {

/// The changes and what follows from them, in one place for all who decide:
/// - a node takes its services, checks, sessions and engine along;
/// - a service takes its checks along;
/// - a session ends with its node, and when one of its checks is critical or goes
/// (api-docs/session);
/// - a session that ends releases its keys, or deletes them, as its behavior says.
[[nodiscard]] ChangeSet withConsequences(const State& state, ChangeSet changes);

}  // namespace cluster_lab::registry

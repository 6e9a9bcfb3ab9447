#pragma once

#include "registry/state.hpp"
#include "registry/txn_request.hpp"

namespace cluster_lab::registry {

/// A state with those rows only that the transaction looks at or changes, and those that follow
/// from them: to try it out on, operation after operation, without touching the real one.
[[nodiscard]] Result<State> scratchFor(const State& state, const Transaction& transaction);

}  // namespace cluster_lab::registry

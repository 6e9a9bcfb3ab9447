#pragma once

#include "registry/decide.hpp"

namespace cluster_lab::registry::decide {

/// Makes keys, and nodes that are no members with all that is on them, what they were in the
/// snapshot. What lives stays: members with their services, leases, engines, events, the time line,
/// which tells of it. All sessions end, no key is locked. `time`: Unix seconds, 0 where the clock
/// is not set. InvalidArgument: a row that cannot be read.
[[nodiscard]] Result<Decision<bool>> restore(const State& state, const Snapshot& snapshot,
                                             std::int64_t time);

}  // namespace cluster_lab::registry::decide

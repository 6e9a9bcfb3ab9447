#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "registry/records.hpp"

namespace cluster_lab::scheduler {

/// A node's registration as docs/scheduler.md describes it. InvalidArgument names the member that
/// is missing or wrong. Members that it does not know are left out, so that a newer node can
/// register with an older leader.
[[nodiscard]] Result<registry::Engine> parseEngine(std::string_view json);
[[nodiscard]] std::string renderEngine(const registry::Engine& engine);

}  // namespace cluster_lab::scheduler

#pragma once

#include <stop_token>

#include "agent/check_result.hpp"
#include "agent/definitions.hpp"

namespace cluster_lab::registry {
class Registry;
}

namespace cluster_lab::agent {

/// Runs a check of any kind once, and says what came of it. Blocks for its timeout at most (an HTTP
/// one until it is asked to stop); the calling thread must outlive a script.
[[nodiscard]] CheckResult runCheck(const CheckDefinition& check, const registry::Registry& registry,
                                   const std::stop_token& stop);

}  // namespace cluster_lab::agent

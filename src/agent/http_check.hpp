#pragma once

#include <stop_token>

#include "agent/check_result.hpp"
#include "agent/definitions.hpp"

namespace cluster_lab::agent {

/// How long the check may take in all.
[[nodiscard]] std::chrono::milliseconds httpTimeout(const CheckDefinition& check);

/// Runs an HTTP check: follows redirects as Go's client does, at most ten. Blocks; whoever calls it
/// asks it to stop when httpTimeout() is over. Any thread.
[[nodiscard]] CheckResult runHttpCheck(const CheckDefinition& check, const std::stop_token& stop);

}  // namespace cluster_lab::agent

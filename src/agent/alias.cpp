#include "agent/alias.hpp"

#include <fmt/format.h>

namespace cluster_lab::agent {

using registry::Health;

/// As checks.CheckAlias, text for text.
CheckResult judgeAlias(const AliasTarget& target, std::span<const AliasedCheck> checks) {
  if (!target.exists && target.service.empty()) {
    return {Health::Critical, fmt::format("Node {} could not be found", target.node)};
  }
  if (!target.exists) {
    return {Health::Critical,
            fmt::format("Service {} could not be found on node {}", target.service, target.node)};
  }
  CheckResult result{Health::Passing, "No checks found."};
  for (const auto& check : checks) {
    if (!check.serviceId.empty() && check.serviceId != target.service) continue;
    if (check.status == Health::Passing) {
      if (result.status == Health::Passing) result.output = "All checks passing.";
      continue;
    }
    result = {check.status,
              fmt::format("Aliased check \"{}\" failing: {}", check.name, check.output)};
    if (check.status == Health::Critical) return result;
  }
  return result;
}

}  // namespace cluster_lab::agent

#pragma once

#include <span>
#include <string>

#include "agent/check_result.hpp"

namespace cluster_lab::agent {

/// A check that an alias may follow.
struct AliasedCheck {
  std::string name;
  std::string serviceId;  ///< empty: of the node
  registry::Health status = registry::Health::Critical;
  std::string output;
};

/// What an alias check stands for.
struct AliasTarget {
  std::string node;     ///< as it was registered: empty is the own one
  std::string service;  ///< id; empty: the node alone
  bool exists = false;  ///< the service, or else the node, is there
};

/// What the alias says: the worst of the target's checks and of its node's.
[[nodiscard]] CheckResult judgeAlias(const AliasTarget& target,
                                     std::span<const AliasedCheck> checks);

}  // namespace cluster_lab::agent

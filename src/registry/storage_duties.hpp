#pragma once

#include <functional>
#include <string>

#include "base/error.hpp"

namespace cluster_lab::registry {

/// What the daemon does about where the registry is kept, for those who ask :8500. Called on HTTP
/// threads, which they block.
struct StorageDuties {
  /// How it is kept, by whom, and who of them answers, as JSON (docs/etcd.md).
  std::function<std::string()> describe;
  /// On the leader: moves it to a storage of that kind. InvalidArgument: there is none;
  /// Unavailable: this node does not lead; others: why it stays where it is.
  std::function<Result<void>(const std::string& kind)> convert;
  /// Makes this node the only one that keeps it, with what it has. Conflict: there is no need to,
  /// or this node cannot.
  std::function<Result<void>()> recover;
};

}  // namespace cluster_lab::registry

#pragma once

#include <optional>

#include "base/error.hpp"
#include "config/settings.hpp"
#include "daemon/status.hpp"

namespace cluster_lab::election {
class ElectionService;
}
namespace cluster_lab::link {
class ClusterLink;
}

namespace cluster_lab::daemon {

struct Foundation;
class NodeAddress;

/// The parts that know something that the status tells. Loop thread only.
struct StatusSources {
  const config::Settings& settings;
  const Foundation& base;
  const election::ElectionService& election;
  const NodeAddress& address;
  const link::ClusterLink& link;
  const std::optional<Error>& linkError;  ///< why there is no cluster link

  /// All but the problems.
  [[nodiscard]] Status gather() const;
};

}  // namespace cluster_lab::daemon

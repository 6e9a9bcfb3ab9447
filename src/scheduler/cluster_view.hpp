#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "registry/records.hpp"

namespace cluster_lab::scheduler {

/// A node as Docker's clients are shown it.
enum class EngineStatus : std::uint8_t {
  Healthy,
  NoEngine,  ///< the node lives, and has no engine that answers
  Silent,    ///< the registry does not hear the node
};

[[nodiscard]] std::string_view wordFor(EngineStatus status);

struct EngineView {
  registry::Engine engine;
  EngineStatus status = EngineStatus::Healthy;
};

/// What the registry and the engines told, joined: every node once, by name.
struct ClusterView {
  std::vector<EngineView> engines;
  registry::NodeRegistration leader;  ///< nobody where the registry knows none
};

/// An engine whose node the registry does not have (any more) is silent.
[[nodiscard]] ClusterView joinView(const std::vector<registry::Node>& nodes,
                                   const std::vector<registry::Engine>& engines);

}  // namespace cluster_lab::scheduler

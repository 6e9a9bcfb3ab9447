#pragma once

#include <string>

#include "cli/facts.hpp"

namespace cluster_lab::cli {

/// The follower pi-2 in a cluster of three that is well, as the daemon tells it.
[[nodiscard]] std::string exampleStatusJson();
/// Its three nodes.
[[nodiscard]] std::string exampleNodesJson();
[[nodiscard]] StatusView exampleStatus();
[[nodiscard]] std::vector<NodeView> exampleNodes();
/// All that can be seen on pi-2, where nothing is wrong.
[[nodiscard]] Facts exampleFacts();
/// The same machine with the daemon stopped.
[[nodiscard]] Facts exampleFactsWithoutDaemon();

}  // namespace cluster_lab::cli

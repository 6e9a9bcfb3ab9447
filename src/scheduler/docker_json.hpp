#pragma once

#include <string>
#include <string_view>

#include "scheduler/cluster_view.hpp"

/// What Docker's clients are answered for the whole cluster (Engine API 1.41).
namespace cluster_lab::scheduler {

/// GET /info. The nodes are pairs of DriverStatus, as classic swarm showed them; the numbers are
/// sums over the nodes that are healthy.
[[nodiscard]] std::string renderInfo(const ClusterView& view, const std::string& version);
/// GET /version.
[[nodiscard]] std::string renderVersion(const ClusterView& view, const std::string& version);
/// Docker's form of an error.
[[nodiscard]] std::string renderMessage(std::string_view message);

/// GET /cluster/v1/nodes: an array of registrations, each with its Status.
[[nodiscard]] std::string renderNodes(const ClusterView& view);
[[nodiscard]] std::string renderNode(const EngineView& node);
/// The answer to a registration: where the manager is.
[[nodiscard]] std::string renderRegistered(const std::string& name, const std::string& manager);

}  // namespace cluster_lab::scheduler

#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/ipv4.hpp"

namespace cluster_lab::lab {

/// What a node's daemon tells of itself and of its cluster.
struct NodeView {
  std::string name;  ///< in the cluster; the host name where the daemon did not tell another
  Ipv4 lanAddress;
  std::string state;  ///< the daemon's, or "off", "stopped", "silent"
  std::string reason;
  std::string role;
  std::string nodeAddress;            ///< empty: none yet
  std::set<std::string> listed;       ///< names in its list of nodes
  std::vector<std::string> problems;  ///< each with its remedy, one line
  bool plugged = true;

  [[nodiscard]] bool inCluster() const { return state == "leading" || state == "following"; }
};

/// Takes the answer of GET /cluster/v1/status over, but for the name: the lab's commands take the
/// lab's. Corrupt: not that.
[[nodiscard]] Result<void> readStatus(std::string_view json, NodeView& into);
/// Takes the answer of GET /v1/catalog/nodes over. Corrupt: not that.
[[nodiscard]] Result<void> readCatalog(std::string_view json, NodeView& into);

/// What `node` still lacks to be in one cluster with `others` (names), as a sentence; empty:
/// nothing.
[[nodiscard]] std::string stillLacks(const NodeView& node, const std::vector<std::string>& others);

[[nodiscard]] std::string toJson(const std::vector<NodeView>& nodes);
/// A table with a head, and a line for each problem.
[[nodiscard]] std::string toTable(const std::vector<NodeView>& nodes);

}  // namespace cluster_lab::lab

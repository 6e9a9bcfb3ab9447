#pragma once

#include <string>
#include <vector>

#include "cli/cluster_view.hpp"
#include "cli/style.hpp"

namespace cluster_lab::cli {

/// "3 nodes, pi-1 leads for 2 min, all healthy": the same words as the page's.
[[nodiscard]] std::string stateSentence(const StatusView& status,
                                        const std::vector<NodeView>& nodes);
/// Is the node in a cluster whose nodes are all healthy, without a problem?
[[nodiscard]] bool isWell(const StatusView& status, const std::vector<NodeView>& nodes);
/// One screen: the sentence, this node, its problems with their remedies, its neighbours.
[[nodiscard]] std::string renderStatus(const StatusView& status, const std::vector<NodeView>& nodes,
                                       const Style& style);
/// The table of all nodes.
[[nodiscard]] std::string renderNodes(const std::vector<NodeView>& nodes, const Style& style);

}  // namespace cluster_lab::cli

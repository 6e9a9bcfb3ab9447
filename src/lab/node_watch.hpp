#pragma once

#include <chrono>
#include <functional>
#include <vector>

#include "lab/lab_store.hpp"
#include "lab/node_view.hpp"

namespace cluster_lab::lab {

/// A node that did not get into its cluster in time.
struct Straggler {
  std::string node;
  std::string lacks;    ///< a sentence
  std::string logTail;  ///< last lines of its log
};

/// Asks the nodes of a lab how they are. Calls block.
class NodeWatch {
 public:
  NodeWatch(const LabState& lab, const LabStore& store) : lab_(lab), store_(store) {}

  /// Asks from inside the node, so it works for an unplugged one too.
  [[nodiscard]] NodeView lookInside(const NodeState& node) const;

  /// Called as each node has become one of the cluster.
  using Formed = std::function<void(const NodeView&)>;
  /// Waits until each of `nodes`, asked over the LAN, leads or follows and lists all nodes that are
  /// there with the same options. Empty: all is well. Ends before the deadline when the daemon of
  /// one has ended.
  [[nodiscard]] std::vector<Straggler> waitUntilFormed(
      const std::vector<NodeState>& nodes, std::chrono::steady_clock::time_point deadline,
      const Formed& formed) const;

 private:
  struct Watched {
    NodeState node;
    NodeView view;
    std::string lacks = "not asked yet";
  };
  [[nodiscard]] NodeView blank(const NodeState& node) const;
  void ask(NodeView& view) const;
  void askOverLan(Watched& watched, const std::vector<Watched>& all) const;
  [[nodiscard]] std::vector<std::string> expected(const Watched& watched,
                                                  const std::vector<Watched>& all) const;
  [[nodiscard]] std::vector<Straggler> stragglers(const std::vector<Watched>& all) const;
  [[nodiscard]] bool hopeless(const std::vector<Watched>& all) const;

  const LabState& lab_;
  const LabStore& store_;
};

}  // namespace cluster_lab::lab

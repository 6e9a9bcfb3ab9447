#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "lab/lab_store.hpp"
#include "lab/lab_switch.hpp"
#include "lab/node_view.hpp"
#include "lab/request.hpp"

namespace cluster_lab::lab {

/// One virtual lab and what a user can do to it. Prints what it does to standard output. Calls
/// block. A lab is left as it is when something fails, for looking; down() removes any remains.
class Lab {
 public:
  explicit Lab(const std::string& name);

  /// Brings the lab to that many nodes, all on, and waits until they are one cluster.
  [[nodiscard]] Result<void> up(const Request& request);
  [[nodiscard]] Result<void> add(const Request& request);
  [[nodiscard]] Result<void> list(const Request& request);
  [[nodiscard]] Result<void> start(const Request& request);
  [[nodiscard]] Result<void> kill(const Request& request);
  [[nodiscard]] Result<void> plug(const Request& request);
  [[nodiscard]] Result<void> unplug(const Request& request);
  /// Becomes the command, so returns only on failure.
  [[nodiscard]] Result<void> exec(const Request& request);
  [[nodiscard]] Result<void> logs(const Request& request);
  [[nodiscard]] Result<void> down(const Request& request);

 private:
  /// NotFound: there is no lab of this name.
  [[nodiscard]] Result<void> open();
  /// NotFound: it has no such node.
  [[nodiscard]] Result<NodeState*> node(const Request& request);
  [[nodiscard]] Result<void> create(const Request& request);
  [[nodiscard]] Result<void> sameLink(const Request& request) const;
  /// Adds a node, powered off.
  NodeState& append(const Request& request);
  [[nodiscard]] Result<void> powerOnAll();
  [[nodiscard]] Result<void> powerOn(NodeState& node);
  [[nodiscard]] Result<void> setPlugged(const Request& request, bool plugged);
  [[nodiscard]] Result<void> waitFor(const std::vector<NodeState>& nodes) const;
  [[nodiscard]] std::vector<NodeView> look() const;
  void report() const;

  std::chrono::steady_clock::time_point began_;
  std::string name_;
  LabStore store_;
  LabSwitch switch_;
  LabState state_;
};

}  // namespace cluster_lab::lab

#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "lab/lab_state.hpp"
#include "os/file_descriptor.hpp"

namespace cluster_lab::lab {

/// What is remembered of the labs of this machine between two commands, under
/// /run/cluster-lab-lab/NAME.
class LabStore {
 public:
  explicit LabStore(std::string lab);

  /// nullopt: there is no such lab; what a reboot left behind is none.
  [[nodiscard]] Result<std::optional<LabState>> load() const;
  [[nodiscard]] Result<void> save(const LabState& state) const;
  /// With logs and data of its nodes; nothing there: success.
  [[nodiscard]] Result<void> remove() const;
  /// Made if missing, with its data directory, on a card of its own where that has a size. The
  /// node's log and data live here.
  [[nodiscard]] Result<std::filesystem::path> makeNodeDirectory(const NodeState& node,
                                                                unsigned cardMiB) const;
  [[nodiscard]] std::filesystem::path nodeDirectory(const NodeState& node) const;

  /// What the node's daemon did last, as its first process tells; empty: not told yet.
  [[nodiscard]] std::string daemonState(const NodeState& node) const;
  /// Before the daemon is started anew.
  void forgetDaemonState(const NodeState& node) const;

  /// The LANs of all other labs.
  [[nodiscard]] static std::vector<Ipv4Network> lans();
  /// Held by whoever changes a lab; waits for it.
  [[nodiscard]] static Result<os::FileDescriptor> lock();

 private:
  std::string lab_;
  std::filesystem::path directory_;
};

}  // namespace cluster_lab::lab

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ipv4.hpp"

namespace cluster_lab::lab {

/// A process, told apart from a later one with the same number by when it started.
struct ProcessId {
  int pid = 0;                  ///< 0: none
  std::uint64_t startTime = 0;  ///< clock ticks since boot (proc(5), /proc/PID/stat)

  bool operator==(const ProcessId&) const = default;
};

/// A virtual node as the lab remembers it.
struct NodeState {
  unsigned index = 0;                ///< pi3 has 3
  std::vector<std::string> options;  ///< the daemon's
  ProcessId init;                    ///< its first process; pid 0: powered off
  bool plugged = true;

  [[nodiscard]] std::string name() const;
  bool operator==(const NodeState&) const = default;
};

/// A lab as it is remembered between two commands.
struct LabState {
  std::string name;
  std::string bootId;  ///< of this machine's boot that it belongs to
  Ipv4Network lan;
  std::string link;      ///< "vlan", "vxlan", "none"
  unsigned cardMiB = 0;  ///< the size of each node's card; 0: as much as this machine has
  std::vector<NodeState> nodes;

  /// nullptr: no such node.
  [[nodiscard]] NodeState* find(std::string_view node);
  /// One above the highest that was ever given and not removed.
  [[nodiscard]] unsigned nextIndex() const;
  [[nodiscard]] Ipv4 address(const NodeState& node) const;
  bool operator==(const LabState&) const = default;
};

[[nodiscard]] std::string toJson(const LabState& state);
/// Corrupt: not what toJson() writes.
[[nodiscard]] Result<LabState> parseLabState(std::string_view text);

}  // namespace cluster_lab::lab

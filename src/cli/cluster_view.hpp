#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "cli/board_view.hpp"

namespace cluster_lab::cli {

/// A node as GET /cluster/v1/nodes tells it.
struct NodeView {
  std::string name;
  std::string address;
  std::string role;
  std::string health;  ///< "passing", "warning", "critical"
  std::string healthNote;
  std::int64_t ageSeconds = 0;
  std::map<std::string, std::string> labels;
  std::string mac;
};

/// What GET /cluster/v1/status tells of one node.
struct StatusView {
  struct Leader {
    std::string name;
    std::string address;
    std::string nodeAddress;
  };
  struct Link {
    std::string kind;  ///< "vlan", "vxlan", "none"
    std::uint32_t id = 0;
    std::string name;
    std::string parent;
    std::string state;
    /// "vlan 200", "none": as a neighbour's link is written.
    [[nodiscard]] std::string carrier() const;
  };
  struct Problem {
    std::string code;
    std::string message;
    std::string remedy;
  };
  struct Neighbour {
    std::string name;
    std::string clusterId;
    std::string role;
    std::string link;
    std::string heardOn;  ///< "parent" or "link"
    double secondsAgo = 0;
  };

  std::string version;
  std::string clusterId;
  std::string name;
  std::string state;
  std::string reason;
  std::string role;
  std::int64_t sinceSeconds = 0;
  std::uint64_t term = 0;
  bool synced = false;
  std::optional<Leader> leader;
  Link link;
  std::string nodeAddress;
  std::string leaderAddress;
  std::vector<std::string> lanAddresses;
  std::string subnet;
  std::uint16_t registryPort = 0;
  std::uint16_t schedulerPort = 0;
  std::vector<Problem> problems;
  std::vector<Neighbour> neighbours;
  std::string registryKind;  ///< "embedded", "etcd"
  std::vector<std::string> registryMembers;
  std::optional<BoardView> board;

  /// Leading, or following a leader.
  [[nodiscard]] bool inCluster() const { return state == "leading" || state == "following"; }
};

/// Corrupt: no such JSON. What is missing stays empty; all texts are printable.
[[nodiscard]] Result<StatusView> parseStatus(std::string_view json);
/// Sorted by name, pi-2 before pi-10.
[[nodiscard]] Result<std::vector<NodeView>> parseNodes(std::string_view json);
/// True also for no nodes.
[[nodiscard]] bool allPassing(const std::vector<NodeView>& nodes);

}  // namespace cluster_lab::cli

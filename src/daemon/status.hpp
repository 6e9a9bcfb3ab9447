#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/ipv4.hpp"
#include "base/link_id.hpp"
#include "base/node_id.hpp"
#include "base/role.hpp"
#include "board/readings.hpp"

namespace cluster_lab::daemon {

/// Everything that GET /cluster/v1/status tells (docs/registry.md), as the loop thread knows it.
struct Status {
  struct Leader {
    std::string name;
    Ipv4 address;
    Ipv4 nodeAddress;
  };
  struct Link {
    LinkKind kind = LinkKind::Vlan;
    std::uint32_t id = 0;
    std::string name;
    std::string parent;
    bool up = false;
  };
  struct Neighbour {
    std::string name;
    NodeId id;
    std::string clusterId;
    Role role = Role::Searching;
    std::uint64_t term = 0;
    LinkKind linkKind = LinkKind::Vlan;
    std::uint32_t linkId = 0;
    bool onLink = false;  ///< else on the parent
    std::chrono::milliseconds ago{0};
  };

  std::string version;
  std::string clusterId;
  NodeId nodeId;
  std::string name;
  std::string state;   ///< "leading"
  std::string reason;  ///< one sentence, why
  std::chrono::seconds since{0};
  std::uint64_t term = 0;
  std::uint64_t registryIndex = 0;
  std::string registryKind;                  ///< how the registry is kept: "embedded", "etcd"
  std::vector<std::string> registryMembers;  ///< names of the nodes that keep it; embedded: none
  bool synced = false;
  std::optional<Leader> leader;
  Link link;
  Ipv4 nodeAddress;
  Ipv4 leaderAddress;
  std::vector<Ipv4> lanAddresses;
  Ipv4Network subnet;
  Ipv4Range range;
  std::uint16_t registryPort = 0;
  std::uint16_t schedulerPort = 0;
  std::map<std::string, Error> problems;  ///< by code
  std::vector<Neighbour> neighbours;
  std::optional<board::Board> board;  ///< nullopt: no board of the kind, a PC
};

[[nodiscard]] std::string toJson(const Status& status);
/// The line for systemd: the reason, and the problems' remedies.
[[nodiscard]] std::string statusLine(const Status& status);
/// "vlan 200", "vxlan 200", "none".
[[nodiscard]] std::string toString(LinkKind kind);

}  // namespace cluster_lab::daemon

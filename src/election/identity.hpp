#pragma once

#include <cstdint>
#include <string>

#include "base/ipv4.hpp"
#include "base/link_id.hpp"
#include "base/node_id.hpp"

namespace cluster_lab::election {

/// Who this node is and which cluster it belongs to; fixed while the daemon runs.
struct Identity {
  NodeId nodeId;
  std::string name;       ///< 1 to 63 printable characters
  std::string clusterId;  ///< 1 to 63 printable characters
  LinkKind linkKind = LinkKind::Vlan;
  std::uint32_t linkId = 0;  ///< VLAN id or VNI; 0 for LinkKind::None
  Ipv4 leaderAddress;
};

}  // namespace cluster_lab::election

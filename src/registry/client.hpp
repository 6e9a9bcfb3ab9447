#pragma once

#include <cstdint>
#include <string>

#include "base/error.hpp"
#include "base/ipv4.hpp"
#include "base/node_id.hpp"
#include "registry/records.hpp"

namespace cluster_lab::registry {

struct NodeServices;

/// What a node answers, with 500, that knows no leader or is not ready to lead.
inline constexpr const char* kNoLeader = "No cluster leader";

/// The header by which the leader tells the index of its copy after a change.
inline constexpr const char* kIndexHeader = "X-ClusterLab-Index";

/// Registers a node with the leader's registry (docs/registry.md). Blocks, 6 s at most. Gives the
/// name that the node got. Unavailable: nobody answers there; Conflict: it does not lead (yet).
[[nodiscard]] Result<std::string> registerAtLeader(Ipv4 leader, std::uint16_t port,
                                                   const NodeRegistration& node);

/// Has the leader forget a silent node, with its lease.
[[nodiscard]] Result<void> forgetAtLeader(Ipv4 leader, std::uint16_t port, const NodeId& node);
/// A proper leave: the leader removes the node. Blocks, 6 s at most. Unknown there: success.
[[nodiscard]] Result<void> leaveLeader(Ipv4 leader, std::uint16_t port, const NodeId& node);

/// Has the leader write into the time line what the node of that name has lost. Blocks, 6 s at
/// most.
[[nodiscard]] Result<void> tellLostAtLeader(Ipv4 leader, std::uint16_t port,
                                            const std::string& node, const std::string& news);

/// Tells the leader of a node's services and checks (Registry::syncServices). Blocks, 6 s at most.
/// Gives the index of the leader's copy afterwards. NotFound: the leader does not know the node.
[[nodiscard]] Result<std::uint64_t> syncAtLeader(Ipv4 leader, std::uint16_t port,
                                                 const NodeServices& services);

}  // namespace cluster_lab::registry

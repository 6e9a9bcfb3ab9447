#pragma once

#include "base/ipv4.hpp"
#include "base/mac_address.hpp"
#include "election/actions.hpp"
#include "election/identity.hpp"
#include "wire/beacon.hpp"

namespace cluster_lab::election {

/// What carries the cluster's segment, for a person: "vlan 200".
[[nodiscard]] std::string linkText(LinkKind kind, std::uint32_t id);

/// "stranger": a device that is no node of this cluster has the leader address.
[[nodiscard]] Problem strangerHasAddress(MacAddress stranger, Ipv4 address);
/// "stranger": the same, while this node leads and defends it.
[[nodiscard]] Problem strangerClaimsAddress(MacAddress stranger, Ipv4 address);
/// "foreign_cluster": another cluster's leader has the leader address on this segment.
[[nodiscard]] Problem foreignCluster(const wire::Beacon& leader);
inline constexpr const char* kTwinProblem = "twin";
/// "twin": another node has this node's id.
[[nodiscard]] Problem twinHasIdentity(const wire::Beacon& twin);
/// The leader is heard on the parent and not on the cluster link. "link_differs" where the two
/// nodes are set up differently, "vlan_dropped" where the switch drops tags, else
/// "link_unreachable".
[[nodiscard]] Problem leaderOutOfReach(const Identity& self, const wire::Beacon& leader);

/// "cannot_lead": nobody has the leader address, and this node may not keep it, for that reason.
[[nodiscard]] Problem cannotLead(const std::string& reason);

}  // namespace cluster_lab::election

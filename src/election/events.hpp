#pragma once

#include <optional>
#include <variant>

#include "base/error.hpp"
#include "base/ipv4.hpp"
#include "base/mac_address.hpp"
#include "base/node_id.hpp"
#include "wire/arp.hpp"
#include "wire/beacon.hpp"

namespace cluster_lab::election {

/// The cluster link can carry frames.
struct LinkUp {
  MacAddress mac;
};
struct LinkDown {};
/// On the cluster link.
struct ArpReceived {
  wire::Arp packet;
};
/// On the cluster link.
struct HeartbeatReceived {
  wire::Beacon beacon;
  MacAddress source;
};
/// On the parent interface.
struct BeaconReceived {
  wire::Beacon beacon;
};
/// The kernel removed the leader address though nobody told it to, or could not set it.
struct LeaderAddressLost {};
/// This node has the leader address, but may not or cannot do what a leader does.
struct CannotLead {
  std::string reason;  ///< half a sentence
};
/// A connection to the leader was reset or refused: look after it now.
struct LeaderReset {};
/// Registered with the leader, and the copy of the registry is in step.
struct Joined {};
struct JoinFailed {
  Error error;
};
/// This node's own address; none: it has lost it.
struct NodeAddressSet {
  Ipv4 address;
};
/// The moment of nextDeadline() has come.
struct DeadlinePassed {};
/// Leaves the cluster for good.
struct Stop {
  std::optional<NodeId> successor = {};  ///< of a leader: who has everything and shall lead at once
};

using Event = std::variant<LinkUp, LinkDown, ArpReceived, HeartbeatReceived, BeaconReceived,
                           LeaderAddressLost, CannotLead, LeaderReset, Joined, JoinFailed,
                           NodeAddressSet, DeadlinePassed, Stop>;

}  // namespace cluster_lab::election

#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "etcd/gateway.hpp"
#include "etcd/member_plan.hpp"
#include "etcd/server_command.hpp"
#include "registry/records.hpp"

/// From etcd's members to what the nodes agree on, and from there to each node's server.
namespace cluster_lab::etcd {

/// What the agreement calls a registry that is kept in etcd.
inline constexpr const char* kStorageKind = "etcd";

/// The member as the plan of the members sees it.
[[nodiscard]] Seat seatOf(const Member& member);

/// The agreement on these members. One that has not started yet is known by its address; one that
/// is no known node is left out.
[[nodiscard]] registry::Storage storageOf(std::span<const Member> members,
                                          std::span<const Candidate> nodes);

/// How one node's server stands to the agreement.
struct Seating {
  bool unknown = false;    ///< this node knows of no agreement
  bool listed = false;     ///< the agreement has this node among the members
  bool refused = false;    ///< there is an agreement, the leader's, and it has this node not
  bool addressed = false;  ///< the node has an address
  bool hasData = false;    ///< there is a member's data on the card, not of a founding that failed
  bool removed = false;    ///< etcd itself said that it has removed this member
};
enum class Duty : std::uint8_t {
  Rest,    ///< no server, and what is on the card stays
  Serve,   ///< a server runs; without data it joins the members
  Forget,  ///< no server, and its data goes: others may count on it no more
};
/// An agreement that may be old, or none at all, never makes a node forget. Who has data and knows
/// of none serves: the others may need it for their majority.
[[nodiscard]] Duty dutyOf(const Seating& seating);

/// The members as a server is told them when it joins.
[[nodiscard]] std::vector<Peer> peersOf(const registry::Storage& storage);

}  // namespace cluster_lab::etcd

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/ipv4.hpp"
#include "base/mac_address.hpp"
#include "base/node_id.hpp"
#include "base/role.hpp"
#include "wire/arp.hpp"

namespace cluster_lab::election {

enum class State : std::uint8_t {
  WaitingForLink,  ///< the cluster link is not there or has no carrier
  Probing,         ///< asks who has the leader address
  Leading,
  Joining,    ///< a leader is known; this node is not yet registered or its copy not yet in step
  Following,  ///< registered with the leader
  Blocked,    ///< something stands in the way that a person should know of; tries on by itself
  Stopping,   ///< for good
};

/// As the status tells it: "waiting_for_link".
[[nodiscard]] constexpr std::string_view toString(State state) {
  switch (state) {
    case State::WaitingForLink:
      return "waiting_for_link";
    case State::Probing:
      return "probing";
    case State::Leading:
      return "leading";
    case State::Joining:
      return "joining";
    case State::Following:
      return "following";
    case State::Blocked:
      return "blocked";
    case State::Stopping:
      return "stopping";
  }
  return "unknown";
}

/// The node that leads.
struct Leader {
  NodeId nodeId;
  std::string name;
  MacAddress mac;    ///< of its cluster link
  Ipv4 nodeAddress;  ///< its own; none while it has none
  std::uint64_t term = 0;
};

/// What a person should know and can do something about.
struct Problem {
  std::string code;  ///< one word: "stranger", "vlan_dropped"
  std::string message;
  std::string remedy;

  bool operator==(const Problem&) const = default;
};

/// On the cluster link, to everybody.
struct SendArp {
  wire::Arp packet;
};
/// On the cluster link; the content is Election::describe(role, wantsAnswer).
struct SendHeartbeat {
  MacAddress destination;
  Role role;
  bool wantsAnswer;
};
/// On the parent interface, to everybody; the content is Election::describe(role, wantsAnswer).
struct SendBeacon {
  Role role;
  bool wantsAnswer;
};
/// Sets the leader address, or renews it, so that the kernel drops it by itself after `lifetime`.
struct HoldLeaderAddress {
  std::chrono::seconds lifetime;
};
/// Takes the leader address off the cluster link; it may not be there.
struct DropLeaderAddress {};
/// Keeps the term for the next start. Comes before the actions that show it to others.
struct StoreTerm {
  std::uint64_t term;
};
/// The state changed, or (`before` == `now`, Leading or Joining) its leader or term did.
struct StateChanged {
  State before;
  State now;
  std::string reason;  ///< one sentence
  std::uint64_t term;
  std::optional<Leader> leader;  ///< this node itself while Leading
};
/// The state is the same, why is new.
struct ReasonChanged {
  std::string reason;
};
struct ProblemRaised {
  Problem problem;
};
struct ProblemGone {
  std::string code;
};

/// Another node has this node's identity and had it first: this one ends, silently, and begins
/// anew as another node. The last action.
struct IdentityTaken {
  MacAddress by;
};

/// What the election wants done, in this order.
using Action =
    std::variant<SendArp, SendHeartbeat, SendBeacon, HoldLeaderAddress, DropLeaderAddress,
                 StoreTerm, StateChanged, ReasonChanged, ProblemRaised, ProblemGone, IdentityTaken>;

}  // namespace cluster_lab::election

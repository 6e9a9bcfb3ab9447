#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/ipv4.hpp"
#include "base/node_id.hpp"
#include "base/time.hpp"

namespace cluster_lab::etcd {

/// A node of the cluster that could be a member of etcd.
struct Candidate {
  NodeId id;
  std::string name;  ///< for people
  Ipv4 address;
  Duration away{};      ///< nothing heard from it for so long; 0: it is there
  bool unable = false;  ///< it was to start an etcd and did not: no etcd-server there, or a fault

  [[nodiscard]] bool isThere() const { return away == Duration{}; }
};

/// A member as etcd lists it. Its name in etcd is its node's id; it has none before its first
/// start, and is then known by its address.
struct Seat {
  std::uint64_t member = 0;
  NodeId node;  ///< nobody: it has not started yet
  Ipv4 address;
  bool learner = false;

  bool operator==(const Seat&) const = default;
};

struct PlanRequest {
  NodeId leader;  ///< the node that leads the cluster, which always gets a seat
  std::vector<Candidate> nodes;
  std::vector<Seat> seats;
  std::uint64_t etcdLeader = 0;  ///< its member; 0: not known
  unsigned wanted = 3;           ///< voting members: 1, 3 or 5
  Duration replaceAfter{};       ///< a voter away for longer loses its seat to another node
  Duration learnerPatience{};    ///< a learner away, or without its etcd, for longer does
  Duration learnerWaited{};      ///< for so long it has not started its etcd
  bool settling = false;         ///< who is away is not known yet: the members stay as they are
};

/// The single next change of etcd's members; the one after it is planned when etcd shows it.
struct MemberStep {
  enum class Kind : std::uint8_t {
    Nothing,
    AddLearner,  ///< `node`
    Promote,     ///< `member`, which `node` has; etcd refuses while it lags behind
    Move,        ///< `member` to its node's address
    Remove,      ///< `member`
    Unburden,    ///< `member` becomes etcd's leader in the place of the node that leads the cluster
  };
  Kind kind = Kind::Nothing;
  NodeId node;
  Ipv4 address;  ///< of AddLearner and Move
  std::uint64_t member = 0;
  std::string reason;  ///< half a sentence; of Nothing: what it waits for, empty when all is well
};

/// Which change is next. Never one after which those that are there are no majority, never a second
/// one while a learner is on its way, and no member goes before the cluster has a node to take its
/// place, but for those above the wanted number.
[[nodiscard]] MemberStep planMembers(const PlanRequest& request);

}  // namespace cluster_lab::etcd

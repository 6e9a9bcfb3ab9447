#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/node_id.hpp"
#include "base/time.hpp"
#include "election/freshness.hpp"
#include "election/neighbours.hpp"
#include "election/timing.hpp"

namespace cluster_lab::election {

/// Another node that this node's copy of the registry knows.
struct Member {
  NodeId id;
  std::string name;
};

/// Whom a node that could lead lets go first: a leader that others follow though this node does not
/// hear it, as long as they do; who has a fresher copy of the registry, and after a cold start
/// members that may have one and were not heard yet, for a bounded time.
class Precedence {
 public:
  /// `members`: those known at the start of the daemon; `isNew`: this node was in no cluster yet.
  Precedence(const Timing& timing, std::string clusterId, std::vector<Member> members, bool isNew);

  /// The cluster link came up.
  void linkUp(TimePoint now);
  /// A search for a leader begins: fresher nodes get their time anew.
  void searchBegins(TimePoint now) {
    searchesSince_ = now;
    givesWaySince_.reset();
  }
  /// This node leads or joins a leader: what follows is no cold start any more.
  void settled() { isColdStart_ = false; }

  /// Why to wait at `now`, the same text as long as it is the same; nullopt: nobody goes first.
  [[nodiscard]] std::optional<std::string> reasonToWait(TimePoint now, const Freshness& own,
                                                        const Neighbours& neighbours);

 private:
  [[nodiscard]] std::optional<std::string> leaderElsewhere(TimePoint now,
                                                           const Neighbours& neighbours) const;
  [[nodiscard]] std::optional<std::string> coldStart(TimePoint now, const Freshness& own,
                                                     const Neighbours& neighbours) const;
  [[nodiscard]] const Neighbour* freshest(TimePoint now, const Freshness& own,
                                          const Neighbours& neighbours) const;
  [[nodiscard]] bool hasLatelyBeenHeard(TimePoint now, const Neighbour& node) const;
  [[nodiscard]] Duration linkLife() const { return timing_.missedHeartbeats * timing_.heartbeat; }
  [[nodiscard]] std::string missing(const Neighbours& neighbours) const;

  Timing timing_;
  std::string clusterId_;
  std::vector<Member> members_;
  bool isNew_;
  bool isColdStart_;
  TimePoint coldStartEnds_;
  TimePoint searchesSince_;
  std::optional<TimePoint> givesWaySince_;
};

}  // namespace cluster_lab::election

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

/// Whom a node that could lead lets go first: who has a fresher copy of the registry, and after a
/// cold start members that may have one and were not heard yet. All waiting is bounded.
class Precedence {
 public:
  /// `members`: those known at the start of the daemon.
  Precedence(const Timing& timing, std::string clusterId, std::vector<Member> members);

  /// The cluster link came up.
  void linkUp(TimePoint now);
  /// A search for a leader begins: fresher nodes get their time anew.
  void searchBegins() { givesWaySince_.reset(); }
  /// This node leads or joins a leader: what follows is no cold start any more.
  void settled() { isColdStart_ = false; }

  /// Why to wait at `now`, the same text as long as it is the same; nullopt: nobody goes first.
  [[nodiscard]] std::optional<std::string> reasonToWait(TimePoint now, const Freshness& own,
                                                        const Neighbours& neighbours);

 private:
  [[nodiscard]] const Neighbour* freshest(TimePoint now, const Freshness& own,
                                          const Neighbours& neighbours) const;
  [[nodiscard]] bool hasLatelyBeenHeard(TimePoint now, const Neighbour& node) const;
  [[nodiscard]] std::string missing(const Neighbours& neighbours) const;

  Timing timing_;
  std::string clusterId_;
  std::vector<Member> members_;
  bool isColdStart_;
  TimePoint coldStartEnds_;
  std::optional<TimePoint> givesWaySince_;
};

}  // namespace cluster_lab::election

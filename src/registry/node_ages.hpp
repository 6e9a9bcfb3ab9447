#pragma once

#include <map>

#include "base/time.hpp"
#include "registry/state.hpp"
#include "registry/stream_json.hpp"

namespace cluster_lab::registry {

/// How long each node has been known, by the monotonic clock; handed on from leader to followers,
/// so that all tell the same.
class NodeAges {
 public:
  /// Takes in nodes that are new in the state at `now` and forgets those that are gone.
  void follow(const State& state, TimePoint now);
  /// What the leader tells; nodes that it does not name keep their age.
  void adopt(const Ages& ages, TimePoint now);
  [[nodiscard]] Ages at(TimePoint now) const;

 private:
  std::map<NodeId, TimePoint> firstSeen_;
};

}  // namespace cluster_lab::registry

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/node_id.hpp"
#include "base/time.hpp"

namespace cluster_lab::agent {

/// Decides, at the leader, which nodes have gone silent. A node is heard by its heartbeats; one
/// that was not heard for `timeout` is silent until it is heard again, and gone after
/// `forgetAfter`.
class Liveness {
 public:
  enum class Change : std::uint8_t { Silent, Heard, Gone };
  struct Verdict {
    NodeId node;
    Change change;
    auto operator<=>(const Verdict&) const = default;
  };

  /// `forgetAfter` zero: never.
  explicit Liveness(Duration timeout, Duration forgetAfter = Duration::zero())
      : timeout_(timeout), forgetAfter_(forgetAfter) {}

  /// Watches a node from now on, as if it had just been heard. Already watched: nothing changes.
  void watch(TimePoint now, const NodeId& node);
  void forget(const NodeId& node);
  [[nodiscard]] std::vector<NodeId> watched() const;
  /// A heartbeat. Heard: it had been silent. nullopt: nothing new, or a node that is not watched.
  [[nodiscard]] std::optional<Verdict> heard(TimePoint now, const NodeId& node);
  /// Those that have become silent by `now`, once, and those that are gone, until forgotten.
  [[nodiscard]] std::vector<Verdict> check(TimePoint now);
  /// When the next node becomes silent or gone if nothing is heard. nullopt: never.
  [[nodiscard]] std::optional<TimePoint> nextDeadline() const;

 private:
  struct Watched {
    TimePoint lastHeard;
    bool silent = false;
  };
  [[nodiscard]] bool forgets() const { return forgetAfter_ != Duration::zero(); }

  Duration timeout_;
  Duration forgetAfter_;
  std::map<NodeId, Watched> nodes_;
};

}  // namespace cluster_lab::agent

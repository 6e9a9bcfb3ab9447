#pragma once

#include <cstddef>

#include "base/role.hpp"
#include "base/time.hpp"
#include "election/timing.hpp"

namespace cluster_lab::election {

/// When to send a beacon on the parent interface: every second, followers of a large cluster less
/// often, and at once when somebody asks or something changed, but never more than ten a second.
class BeaconSchedule {
 public:
  explicit BeaconSchedule(const Timing& timing) : interval_(timing.beacon) {}

  /// Whether one is to be sent now; then the next one is planned, by the role and by how many nodes
  /// share the wire.
  [[nodiscard]] bool due(TimePoint now, Role role, std::size_t knownNodes);
  /// Sends the next one as soon as the limit allows.
  void hurry(TimePoint now);
  /// TimePoint::max(): beacons are off.
  [[nodiscard]] TimePoint nextDeadline() const;

 private:
  Duration interval_;
  TimePoint last_ = TimePoint::min();
  TimePoint next_ = TimePoint::min();
};

}  // namespace cluster_lab::election

#include "election/beacon_schedule.hpp"

#include <algorithm>

namespace cluster_lab::election {
namespace {

constexpr auto kLeastSpacing = std::chrono::milliseconds(100);
/// The beacons of all followers together stay at about this many a second.
constexpr std::size_t kFollowersPerSecond = 20;

}  // namespace

bool BeaconSchedule::due(TimePoint now, Role role, std::size_t knownNodes) {
  if (interval_ == Duration::zero() || now < next_) return false;
  last_ = now;
  const Duration shared = std::chrono::seconds(1) * (knownNodes / kFollowersPerSecond);
  next_ = now + (role == Role::Following ? std::max(interval_, shared) : interval_);
  return true;
}

void BeaconSchedule::hurry(TimePoint now) {
  const auto soonest = last_ == TimePoint::min() ? now : std::max(now, last_ + kLeastSpacing);
  next_ = std::min(next_, soonest);
}

TimePoint BeaconSchedule::nextDeadline() const {
  return interval_ == Duration::zero() ? TimePoint::max() : next_;
}

}  // namespace cluster_lab::election

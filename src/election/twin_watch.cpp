#include "election/twin_watch.hpp"

#include "election/problems.hpp"

namespace cluster_lab::election {
namespace {

/// A twin that is silent for this long has gone, or is another now.
constexpr auto kForgetAfter = std::chrono::seconds(5);
constexpr auto kAnswerInterval = std::chrono::milliseconds(200);

int rankOf(Role role) {
  if (role == Role::Leading) return 2;
  return role == Role::Following ? 1 : 0;
}

}  // namespace

bool TwinWatch::givesWay(Role own, const MacAddress& ownMac, const wire::Beacon& twin) {
  if (own == Role::Leading && twin.role == Role::Leading) return false;
  if (rankOf(own) != rankOf(twin.role)) return rankOf(own) < rankOf(twin.role);
  return ownMac > twin.linkMac;
}

bool TwinWatch::heard(TimePoint now, const wire::Beacon& twin, std::vector<Action>& actions) {
  if (!forgetAt_) actions.emplace_back(ProblemRaised{twinHasIdentity(twin)});
  forgetAt_ = now + kForgetAfter;
  if (now < nextAnswer_) return false;
  nextAnswer_ = now + kAnswerInterval;
  return true;
}

void TwinWatch::due(TimePoint now, std::vector<Action>& actions) {
  if (!forgetAt_ || now < *forgetAt_) return;
  forgetAt_.reset();
  actions.emplace_back(ProblemGone{kTwinProblem});
}

TimePoint TwinWatch::nextDeadline() const {
  return forgetAt_.value_or(TimePoint::max());
}

}  // namespace cluster_lab::election

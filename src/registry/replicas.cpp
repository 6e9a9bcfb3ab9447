#include "registry/replicas.hpp"

#include <algorithm>

namespace cluster_lab::registry {
namespace {

// Nobody takes the lead from a node that was silent for a shorter time (design.md, section 4:
// three heartbeats).
constexpr std::chrono::milliseconds kLongestPause{1500};
// Two that took the lead within the same moment have heard of each other by then.
constexpr std::chrono::milliseconds kSettling{200};

}  // namespace

void Replicas::begin(TimePoint now, const std::set<NodeId>& expected) {
  followers_.clear();
  vouched_.reset();
  awakeFrom_ = TimePoint::min();
  settledFrom_ = expected.empty() ? TimePoint::min() : now + kSettling;
  for (const auto& node : expected) followers_[node].lastAnswered = now;
}

void Replicas::asked(const NodeId& node, std::uint64_t index) {
  auto& follower = followers_[node];
  follower.index = index;
  ++follower.questions;
}

void Replicas::answered(const NodeId& node, TimePoint now) {
  const auto found = followers_.find(node);
  if (found == followers_.end()) return;
  auto& follower = found->second;
  if (follower.questions > 0) --follower.questions;
  follower.lastAnswered = now;
}

void Replicas::forget(const NodeId& node) {
  followers_.erase(node);
}

void Replicas::vouch(TimePoint now) {
  if (vouched_ && now - *vouched_ >= kLongestPause) awakeFrom_ = now + timeout_;
  vouched_ = now;
}

Replicas::Coverage Replicas::coverage(std::uint64_t index, TimePoint now) const {
  Coverage coverage{.followers = 0, .enough = false, .lookAgain = now + timeout_};
  bool alone = true;
  for (const auto& [node, follower] : followers_) {
    if (!counts(follower, now)) continue;
    alone = false;
    coverage.followers += follower.index >= index ? 1U : 0U;
    if (follower.questions == 0) {
      coverage.lookAgain = std::min(coverage.lookAgain, follower.lastAnswered + timeout_);
    }
  }
  const auto from = aloneFrom(now);
  if (alone && from > now) coverage.lookAgain = from;
  coverage.enough = coverage.followers > 0 || (alone && from <= now);
  if (now < settledFrom_) {
    coverage.enough = false;
    coverage.lookAgain = settledFrom_;
  }
  return coverage;
}

std::optional<NodeId> Replicas::holder(std::uint64_t index, TimePoint now) const {
  std::optional<NodeId> best;
  std::uint64_t most = 0;
  for (const auto& [node, follower] : followers_) {
    if (!counts(follower, now) || follower.index < index) continue;
    if (best && follower.index <= most) continue;
    best = node;
    most = follower.index;
  }
  return best;
}

bool Replicas::counts(const Follower& follower, TimePoint now) const {
  return follower.questions > 0 || now - follower.lastAnswered < timeout_;
}

TimePoint Replicas::aloneFrom(TimePoint now) const {
  const bool asleep = vouched_ && now - *vouched_ >= kLongestPause;
  return asleep ? now + timeout_ : awakeFrom_;
}

}  // namespace cluster_lab::registry

// Joining and Following.
#include <tuple>

#include "election/election.hpp"

namespace cluster_lab::election {
namespace {

constexpr auto kAfterFailedJoin = std::chrono::seconds(1);
/// A successor that was named leads within this time, or is not there.
constexpr auto kSuccessorPatience = std::chrono::milliseconds(600);

}  // namespace

void Election::join(const wire::Beacon& beacon, MacAddress source, std::string reason) {
  setProblem(std::nullopt);
  lost_.reset();
  watch_.emplace(timing_, mac_, source, self_.leaderAddress, now_);
  enter(State::Joining, std::move(reason),
        Leader{beacon.nodeId, beacon.name, source, beacon.nodeAddress, beacon.term});
}

void Election::runFollowing() {
  const auto silent = leader_->name + " has " + self_.leaderAddress.toString() +
                      ", but its daemon is silent: waiting for it or for the address to go";
  const bool wasAsking = watch_->isAsking();
  const auto verdict = watch_->due(now_, role(), nodeAddress_, actions_);
  // A leader out of reach on the link is heard on the parent before its address is taken.
  if (!wasAsking && watch_->isAsking()) beacons_.hurry(now_);
  switch (verdict) {
    case LeaderWatch::Verdict::Present:
      return;
    case LeaderWatch::Verdict::Hanging:
      setReason(silent);
      return;
    case LeaderWatch::Verdict::Lost:
      loseLeader("the leader " + leader_->name + " is silent: looking for another",
                 watch_->askedAt());
      return;
  }
}

void Election::followingHears(const wire::Beacon& beacon, MacAddress source) {
  if (beacon.nodeId != leader_->nodeId) {
    othersMiss(beacon, source);
    if (beacon.role != Role::Leading || beacon.term < seenTerm_) return;
    if (!watch_->misses(now_)) return;  // two lead: they settle it
    if (std::tie(beacon.term, beacon.nodeId) < std::tie(leader_->term, leader_->nodeId)) return;
    join(beacon, source, beacon.name + " leads now: joining");
    return;
  }
  leaderSpoke(beacon);
  if (!watch_ || beacon.role != Role::Leading || beacon.term < leader_->term) return;
  if (beacon.term > leader_->term || source != leader_->mac) {
    join(beacon, source,
         beacon.name + " leads anew, with term " + std::to_string(beacon.term) + ": joining");
    return;
  }
  watch_->heard(now_);
  leader_->name = beacon.name;
  leader_->nodeAddress = beacon.nodeAddress;
}

/// Another node looks for the leader. Who misses it, too, looks after it now; who does not says so,
/// lest the other one takes the lead, and tells how fresh its copy is.
void Election::othersMiss(const wire::Beacon& beacon, MacAddress source) {
  if (!beacon.wantsAnswer || beacon.term > leader_->term) return;
  if (watch_->misses(now_)) {
    watch_->suspect(now_);
  } else if (state_ == State::Following && !watch_->isAsking()) {
    actions_.emplace_back(SendHeartbeat{source, Role::Following, false});
  }
}

/// The leader says, on either side, that it leads no more. What it said before it took this lead
/// may arrive late: that has a lower term.
void Election::leaderSpoke(const wire::Beacon& beacon) {
  if (beacon.nodeId != leader_->nodeId || beacon.term < leader_->term) return;
  if (beacon.role == Role::Leading) return;
  if (beacon.role == Role::Leaving) return leaderLeaves(beacon);
  loseLeader("the leader " + leader_->name + " gave up the lead: looking for another", now_);
}

/// It has dropped the leader address by now.
void Election::leaderLeaves(const wire::Beacon& beacon) {
  const auto left = "the leader " + leader_->name + " left";
  if (beacon.successor == self_.nodeId) return takeLead(left + " and handed over to this node");
  if (beacon.successor.isNobody()) return loseLeader(left + ": looking for another", now_);
  const auto* successor = neighbours_.find(beacon.successor);
  const auto name =
      successor != nullptr ? successor->beacon.name : "node " + beacon.successor.toString();
  loseLeader(left + " and handed over to " + name + ": waiting for it", now_, kSuccessorPatience);
}

void Election::loseLeader(std::string reason, TimePoint lastSign, Duration wait) {
  lost_ = LostLeader{leader_->nodeId, lastSign};
  search(std::move(reason), afterLoss(timing_), wait);
}

void Election::on(const LeaderReset& /*event*/) {
  if (watch_) watch_->suspect(now_);
}

void Election::on(const Joined& /*event*/) {
  if (state_ != State::Joining) return;
  enter(State::Following, "following " + leader_->name, leader_);
  // It counts at once, should another lead, too.
  actions_.emplace_back(SendHeartbeat{leader_->mac, Role::Following, false});
}

void Election::on(const JoinFailed& event) {
  if (!watch_) return;
  joinNotBefore_ = now_ + kAfterFailedJoin;
  startProbing("could not join " + leader_->name + ": " + event.error.text());
}

}  // namespace cluster_lab::election

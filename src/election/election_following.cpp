// Joining and Following.
#include <tuple>

#include "election/election.hpp"

namespace cluster_lab::election {
namespace {

constexpr auto kAfterFailedJoin = std::chrono::seconds(1);

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
  switch (watch_->due(now_, role(), nodeAddress_, actions_)) {
    case LeaderWatch::Verdict::Present:
      return;
    case LeaderWatch::Verdict::Hanging:
      if (reason_ == silent) return;
      reason_ = silent;
      actions_.emplace_back(ReasonChanged{reason_});
      return;
    case LeaderWatch::Verdict::Lost:
      loseLeader("the leader " + leader_->name + " is silent: looking for another");
      return;
  }
}

void Election::followingHears(const wire::Beacon& beacon, MacAddress source) {
  if (beacon.nodeId != leader_->nodeId) {
    if (beacon.role != Role::Leading || beacon.term < seenTerm_) return;
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

/// The leader says, on either side, that it leads no more. What it said before it took this lead
/// may arrive late: that has a lower term.
void Election::leaderSpoke(const wire::Beacon& beacon) {
  if (beacon.nodeId != leader_->nodeId || beacon.term < leader_->term) return;
  if (beacon.role == Role::Leading) return;
  loseLeader("the leader " + leader_->name +
             (beacon.role == Role::Leaving ? " left" : " gave up the lead") +
             ": looking for another");
}

void Election::loseLeader(std::string reason) {
  lost_ = LostLeader{leader_->nodeId, now_};
  startProbing(std::move(reason));
}

void Election::on(const LeaderReset& /*event*/) {
  if (watch_) watch_->suspect(now_);
}

void Election::on(const Joined& /*event*/) {
  if (state_ != State::Joining) return;
  enter(State::Following, "following " + leader_->name, leader_);
}

void Election::on(const JoinFailed& event) {
  if (!watch_) return;
  joinNotBefore_ = now_ + kAfterFailedJoin;
  startProbing("could not join " + leader_->name + ": " + event.error.text());
}

}  // namespace cluster_lab::election

#include "election/leader_watch.hpp"

#include <algorithm>

namespace cluster_lab::election {
namespace {

/// So much more often a leader is looked at whose daemon is silent.
constexpr int kQuicker = 4;

}  // namespace

LeaderWatch::LeaderWatch(const Timing& timing, MacAddress self, MacAddress leader,
                         Ipv4 leaderAddress, TimePoint now)
    : timing_(timing),
      self_(self),
      leader_(leader),
      leaderAddress_(leaderAddress),
      nextHeartbeat_(now) {
  heard(now);
}

void LeaderWatch::heard(TimePoint now) {
  heardAt_ = now;
  // The asking is over when the last of the missed heartbeats is due.
  const auto silence = timing_.missedHeartbeats * timing_.heartbeat;
  nextCheck_ = now + std::max<Duration>(silence - timing_.announceWait, timing_.heartbeat);
  asking_ = false;
  verdict_ = Verdict::Present;
}

void LeaderWatch::received(const wire::Arp& packet) {
  if (packet.claims(leaderAddress_) && packet.senderMac == leader_) answered_ = true;
}

void LeaderWatch::suspect(TimePoint now) {
  if (!asking_) nextCheck_ = std::min(nextCheck_, now);
}

LeaderWatch::Verdict LeaderWatch::due(TimePoint now, Role role, Ipv4 nodeAddress,
                                      std::vector<Action>& actions) {
  if (now >= nextHeartbeat_) {
    const bool isHanging = verdict_ == Verdict::Hanging;
    const auto to = isHanging ? MacAddress::broadcast() : leader_;
    actions.emplace_back(SendHeartbeat{to, role, isHanging});
    nextHeartbeat_ = now + timing_.heartbeat;
  }
  if (now < nextCheck_) return verdict_;
  if (asking_) {
    asking_ = false;
    // Held up itself: the answer may be unread.
    const bool isLate = now - nextCheck_ > timing_.announceWait;
    if (answered_ || !isLate) verdict_ = answered_ ? Verdict::Hanging : Verdict::Lost;
  }
  if (verdict_ != Verdict::Lost) ask(now, role, nodeAddress, actions);
  return verdict_;
}

void LeaderWatch::ask(TimePoint now, Role role, Ipv4 nodeAddress, std::vector<Action>& actions) {
  asking_ = true;
  answered_ = false;
  askedAt_ = now;
  const bool isHanging = verdict_ == Verdict::Hanging;
  // Its kernel has answered quickly, and will until it takes the address away.
  nextCheck_ = now + timing_.announceWait / (isHanging ? kQuicker : 1);
  // A plain request where possible: others take a probe for the wish to have the address.
  actions.emplace_back(
      SendArp{{wire::Arp::Operation::Request, self_, nodeAddress, {}, leaderAddress_}});
  if (!isHanging) actions.emplace_back(SendHeartbeat{MacAddress::broadcast(), role, true});
}

TimePoint LeaderWatch::nextDeadline() const {
  return std::min(nextHeartbeat_, nextCheck_);
}

}  // namespace cluster_lab::election

#include "election/leader_duties.hpp"

namespace cluster_lab::election {
namespace {

constexpr unsigned kAnnouncements = 2;                      // RFC 5227 section 1.1, ANNOUNCE_NUM
constexpr auto kDefendInterval = std::chrono::seconds(10);  // RFC 5227 section 1.1
constexpr auto kAnswerSpacing = std::chrono::milliseconds(5);

}  // namespace

LeaderDuties::LeaderDuties(const Timing& timing, MacAddress self, Ipv4 address, TimePoint now)
    : timing_(timing),
      self_(self),
      address_(address),
      renewed_(now),
      nextHeartbeat_(now),
      nextAnswer_(now),
      nextDefence_(now),
      announcementsLeft_(kAnnouncements) {}

void LeaderDuties::due(TimePoint now, std::vector<Action>& actions) {
  if (now < nextHeartbeat_) return;
  nextHeartbeat_ = now + timing_.heartbeat;
  renewed_ = now;
  actions.emplace_back(HoldLeaderAddress{timing_.addressLifetime});
  if (announcementsLeft_ > 0) {
    --announcementsLeft_;
    actions.emplace_back(SendArp{wire::Arp::announcement(self_, address_)});
  }
  actions.emplace_back(SendHeartbeat{MacAddress::broadcast(), Role::Leading, false});
}

void LeaderDuties::answer(TimePoint now, MacAddress asker, std::vector<Action>& actions) {
  if (now < nextAnswer_) return;
  nextAnswer_ = now + kAnswerSpacing;
  actions.emplace_back(SendHeartbeat{asker, Role::Leading, false});
}

void LeaderDuties::defend(TimePoint now, std::vector<Action>& actions) {
  if (now < nextDefence_) return;
  nextDefence_ = now + kDefendInterval;
  actions.emplace_back(SendArp{wire::Arp::announcement(self_, address_)});
}

void LeaderDuties::announceAgain() {
  announcementsLeft_ = kAnnouncements;
}

bool LeaderDuties::overslept(TimePoint now) const {
  return now - renewed_ >= timing_.addressLifetime;
}

TimePoint LeaderDuties::nextDeadline() const {
  return nextHeartbeat_;
}

}  // namespace cluster_lab::election

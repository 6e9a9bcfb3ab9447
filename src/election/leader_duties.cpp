#include "election/leader_duties.hpp"

#include <algorithm>

namespace cluster_lab::election {
namespace {

constexpr unsigned kAnnouncements = 2;                      // RFC 5227 section 1.1, ANNOUNCE_NUM
constexpr auto kDefendInterval = std::chrono::seconds(10);  // RFC 5227 section 1.1
constexpr auto kAnswerSpacing = std::chrono::milliseconds(5);
/// More would keep the address of a killed daemon longer: it lives on from its last renewal.
constexpr int kRenewalsPerLifetime = 3;

}  // namespace

LeaderDuties::LeaderDuties(const Timing& timing, MacAddress self, Ipv4 address, TimePoint now)
    : timing_(timing),
      self_(self),
      address_(address),
      renewed_(now),
      nextRenewal_(now),
      nextHeartbeat_(now),
      nextAnswer_(now),
      nextDefence_(now),
      announcementsLeft_(kAnnouncements) {}

void LeaderDuties::due(TimePoint now, std::vector<Action>& actions) {
  if (now >= nextRenewal_) {
    actions.emplace_back(HoldLeaderAddress{timing_.addressLifetime});
    renewed_ = now;
    nextRenewal_ = now + Duration(timing_.addressLifetime) / kRenewalsPerLifetime;
  }
  if (now >= nextHeartbeat_) {
    if (announcementsLeft_ > 0) {
      --announcementsLeft_;
      actions.emplace_back(SendArp{wire::Arp::announcement(self_, address_)});
    }
    actions.emplace_back(SendHeartbeat{MacAddress::broadcast(), Role::Leading, false});
    nextHeartbeat_ = now + timing_.heartbeat;
  }
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
  return std::min(nextRenewal_, nextHeartbeat_);
}

}  // namespace cluster_lab::election

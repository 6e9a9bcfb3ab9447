// Leading.
#include <utility>

#include "election/election.hpp"
#include "election/problems.hpp"

namespace cluster_lab::election {
namespace {

/// A stranger's claim is told for this long.
constexpr auto kClaimRemembered = std::chrono::seconds(30);
/// After the kernel took the address away, or would not set it.
constexpr auto kAfterLoss = std::chrono::seconds(1);

}  // namespace

void Election::takeLead(std::string reason) {
  setProblem(std::nullopt);
  noteTerm(seenTerm_ + 1);
  lost_.reset();
  duties_.emplace(timing_, mac_, self_.leaderAddress, now_);
  leader_ = Leader{self_.nodeId, self_.name, mac_, nodeAddress_, seenTerm_};
  duties_->due(now_, actions_);  // the address is held before leading is told
  enter(State::Leading, std::move(reason), leader_);
}

/// There is a later leadership than ours; terms never go back.
void Election::leadAbove(std::uint64_t term, std::string reason) {
  noteTerm(term + 1);
  auto leader = *leader_;
  leader.term = seenTerm_;
  enter(State::Leading, std::move(reason), leader);
  actions_.emplace_back(SendHeartbeat{MacAddress::broadcast(), Role::Leading, false});
}

void Election::runLeading() {
  duties_->due(now_, actions_);
  if (problem_ && now_ - claimedByStranger_ > kClaimRemembered) setProblem(std::nullopt);
}

void Election::leadingHears(const wire::Beacon& beacon, MacAddress source) {
  if (beacon.role == Role::Leading) return leaderMet(beacon, source);
  if (!beacon.wantsAnswer) return;
  if (beacon.role == Role::Searching && beacon.term > leader_->term) {
    leadAbove(beacon.term,
              "a node came that knows of term " + std::to_string(beacon.term) + ": leading anew");
  }
  // A follower that misses this leader has others look after it, too: all shall hear.
  const bool isMissed = beacon.role == Role::Following;
  duties_->answer(now_, isMissed ? MacAddress::broadcast() : source, actions_);
}

/// Two lead, for a moment or after a split.
void Election::leaderMet(const wire::Beacon& beacon, MacAddress source) {
  const auto rival = beacon.name + " leads too, with term " + std::to_string(beacon.term) +
                     " and followers: " + std::to_string(beacon.followers);
  if (!outranks(beacon)) {
    if (beacon.term >= leader_->term && beacon.followers < followers()) {
      leadAbove(beacon.term, rival + ", this node has more: leading anew");
    }
    duties_->answer(now_, source, actions_);
    duties_->announceAgain();
  } else if (beacon.term >= leader_->term) {
    join(beacon, source, rival + ": giving up the lead and joining");
    actions_.emplace_back(SendHeartbeat{MacAddress::broadcast(), role(), false});
  } else {
    startProbing(rival + ": giving up the lead");
    meetLeader(beacon, source);
  }
}

/// The same where the cluster link is cut.
void Election::leaderOnParentMet(const wire::Beacon& beacon) {
  if (outranks(beacon)) {
    startProbing(beacon.name + " leads with term " + std::to_string(beacon.term) +
                 " and is heard on the LAN: giving up the lead");
    return;
  }
  if (beacon.term >= leader_->term && beacon.followers < followers()) {
    leadAbove(beacon.term, beacon.name + " leads too and is heard on the LAN: leading anew");
  }
  beacons_.hurry(now_);
}

/// Somebody else says that it has the leader address.
void Election::contested(const wire::Arp& packet) {
  duties_->defend(now_, actions_);
  const auto* node = neighbours_.findByMac(packet.senderMac);
  if (node != nullptr) return;  // a node: settled by heartbeats, or its last words
  claimedByStranger_ = now_;
  setProblem(strangerClaimsAddress(packet.senderMac, self_.leaderAddress));
}

void Election::on(const LeaderAddressLost& /*event*/) {
  if (!duties_) return;
  startProbing("the kernel took " + self_.leaderAddress.toString() + " away", kAfterLoss);
}

}  // namespace cluster_lab::election

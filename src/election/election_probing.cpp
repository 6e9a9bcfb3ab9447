// Probing, and Blocked, which is probing with a person's help wanted.
#include <algorithm>

#include "election/election.hpp"
#include "election/problems.hpp"

namespace cluster_lab::election {
namespace {

/// An ARP answer without a leader's heartbeat for this long: no node of ours. Three heartbeats.
constexpr auto kStrangerPatience = std::chrono::milliseconds(1500);
/// The same for a MAC that is a node of ours: its daemon hangs or died, the address will go.
constexpr auto kHangingPatience = std::chrono::milliseconds(100);
constexpr auto kAskAgain = std::chrono::milliseconds(200);
constexpr auto kFirstRetry = std::chrono::seconds(2);
constexpr auto kLastRetry = std::chrono::seconds(30);
/// How long a leader that is heard on the parent has to be heard on the cluster link too.
constexpr auto kListen = std::chrono::milliseconds(600);
/// A leader out of reach is asked this often.
constexpr auto kReachRetry = std::chrono::milliseconds(500);
/// A leader whose beacon on the parent is not older than this lives.
constexpr auto kBeaconLife = std::chrono::seconds(3);
/// While others go first, this often it is looked whether they still do.
constexpr auto kLookAgain = std::chrono::milliseconds(100);

}  // namespace

void Election::startProbing(std::string reason, Duration wait) {
  search(std::move(reason), timing_, wait);
}

void Election::search(std::string reason, const Timing& pace, Duration wait) {
  enter(State::Probing, std::move(reason));
  pace_ = pace;
  precedence_.searchBegins(now_);
  ask();
  nextAsk_ = now_ + timing_.heartbeat;
  probeFrom(now_ + wait + jitter());
}

void Election::probeFrom(TimePoint firstProbe) {
  holder_.reset();
  probe_.emplace(pace_, mac_, self_.leaderAddress, firstProbe);
}

Duration Election::jitter() const {
  const auto bound = static_cast<std::uint32_t>(pace_.probeWait.count()) + 1;
  return std::chrono::milliseconds(sources_.random(bound));
}

void Election::runProbing() {
  if (holder_) {
    concludeHolder();
    return;
  }
  const bool isDue =
      probe_->verdict() == AddressProbe::Verdict::Pending && now_ >= probe_->nextDeadline();
  if (isDue && (listenForLeaderOnParent() || letOthersGoFirst())) return;
  if (const auto packet = probe_->due(now_)) {
    actions_.emplace_back(SendArp{*packet});
    ask();
  }
  followProbe();
}

/// Probes would only hold up a leader that is heard on the parent and may come to the link.
bool Election::listenForLeaderOnParent() {
  if (probe_->hasBegun() || leaderOnParent() == nullptr) return false;
  holder_ = Holder{{}, now_ + kListen, now_};
  concludeHolder();
  return true;
}

/// Also when the own probes are under way or done: a fresher node may come at any time.
bool Election::letOthersGoFirst() {
  auto why = precedence_.reasonToWait(now_, sources_.freshness(), neighbours_);
  if (!why) return false;
  if (state_ == State::Probing) setReason(*std::move(why));
  if (now_ >= nextAsk_) {
    nextAsk_ = now_ + timing_.heartbeat;
    ask();
  }
  probeFrom(now_ + kLookAgain);
  return true;
}

void Election::followProbe() {
  switch (probe_->verdict()) {
    case AddressProbe::Verdict::Pending:
      return;
    case AddressProbe::Verdict::Free:
      concludeSilence();
      return;
    case AddressProbe::Verdict::Contended:
      if (blockedByLeaderOnParent()) return;  // not to hold up one who may lead
      // Until it has sent all its probes and would be heard as the leader.
      probeFrom(now_ + pace_.probeCount * pace_.probeInterval + pace_.announceWait + jitter());
      return;
    case AddressProbe::Verdict::Taken:
      const auto* node = neighbours_.findByMac(probe_->other());
      const bool ours = node != nullptr && node->beacon.clusterId == self_.clusterId;
      const bool known = block_ && block_->mac == probe_->other();
      const Duration patience = known  ? Duration::zero()
                                : ours ? Duration(kHangingPatience)
                                       : Duration(kStrangerPatience);
      holder_ = Holder{probe_->other(), now_ + patience, now_};
      concludeHolder();
      return;
  }
}

/// A leader of ours would have been heard by the end of our patience.
void Election::concludeHolder() {
  if (now_ < holder_->patienceEnds) {
    if (now_ < holder_->nextAsk) return;
    holder_->nextAsk = now_ + kAskAgain;
    ask();
    return;
  }
  const auto mac = holder_->mac;
  const auto* node = neighbours_.findByMac(mac);
  if (mac == MacAddress{}) {
    if (!blockedByLeaderOnParent()) probeFrom(now_ + jitter());
  } else if (node == nullptr) {
    block(Obstacle::Stranger, mac, strangerHasAddress(mac, self_.leaderAddress));
  } else if (node->beacon.clusterId != self_.clusterId) {
    block(Obstacle::ForeignCluster, mac, foreignCluster(node->beacon));
  } else if (isHeardLeading(*node)) {
    probeFrom(now_ + jitter());  // we may not join it yet
  } else {
    setReason(node->beacon.name + " has " + self_.leaderAddress.toString() +
              ", but its daemon is silent: waiting until the address goes");
    probeFrom(now_ + jitter());
  }
}

/// Nobody has the address.
void Election::concludeSilence() {
  if (blockedByLeaderOnParent()) return;
  takeLead("nobody else has " + self_.leaderAddress.toString() + ": this node leads");
}

/// A leader that the cluster link does not reach: no second cluster beside its own.
bool Election::blockedByLeaderOnParent() {
  const auto* leader = leaderOnParent();
  if (leader == nullptr) return false;
  block(Obstacle::LeaderOutOfReach, {}, leaderOutOfReach(self_, leader->beacon));
  return true;
}

void Election::block(Obstacle obstacle, MacAddress mac, Problem problem) {
  const bool again = block_ && block_->obstacle == obstacle && block_->mac == mac;
  Duration retry = again ? std::min<Duration>(block_->retryAfter * 2, kLastRetry) : kFirstRetry;
  if (obstacle == Obstacle::LeaderOutOfReach) retry = kReachRetry;
  if (obstacle == Obstacle::CannotLead) retry = leadPause_;
  auto reason = problem.message + ": " + problem.remedy;
  if (state_ != State::Blocked || reason != reason_) enter(State::Blocked, std::move(reason));
  probe_.reset();
  holder_.reset();
  block_ = Block{obstacle, mac, retry, now_ + retry};
  setProblem(std::move(problem));
}

/// Others may try meanwhile; this node does so less and less often, unless it led for a while.
void Election::on(const CannotLead& event) {
  if (!duties_) return;
  const bool led = now_ - since_ > kLastRetry;
  leadPause_ = led ? kFirstRetry : std::clamp<Duration>(leadPause_ * 2, kFirstRetry, kLastRetry);
  block(Obstacle::CannotLead, {}, cannotLead(event.reason));
}

void Election::runBlocked() {
  if (now_ < block_->nextRetry) return;
  if (block_->obstacle == Obstacle::LeaderOutOfReach && blockedByLeaderOnParent()) {
    actions_.emplace_back(SendHeartbeat{MacAddress::broadcast(), role(), true});
  } else {
    probeFrom(now_ + jitter());
  }
}

void Election::meetLeader(const wire::Beacon& beacon, MacAddress source) {
  if (beacon.role != Role::Leading || now_ < joinNotBefore_) return;
  if (beacon.term < seenTerm_) {
    // It will lead anew above our term when it hears it; terms never go back.
    actions_.emplace_back(SendHeartbeat{source, Role::Searching, true});
    return;
  }
  join(beacon, source, beacon.name + " leads: joining");
}

void Election::meetForeignLeader(const wire::Beacon& beacon, MacAddress source) {
  if (beacon.leaderAddress != self_.leaderAddress) return;
  if (duties_) {
    setProblem(foreignCluster(beacon));
    claimedByStranger_ = now_;
    return;
  }
  const bool known = block_ && block_->obstacle == Obstacle::ForeignCluster;
  if ((probe_ || block_) && !known) {
    block(Obstacle::ForeignCluster, source, foreignCluster(beacon));
  }
}

bool Election::isHeardLeading(const Neighbour& node) const {
  return node.beacon.role == Role::Leading && node.heardOnLink &&
         now_ - *node.heardOnLink <= kStrangerPatience;
}

/// The probe of a node that will find that this one's copy is fresher.
bool Election::goesAfterThisNode(const wire::Arp& packet) const {
  if (!packet.isProbe()) return false;
  const auto* node = neighbours_.findByMac(packet.senderMac);
  return node != nullptr && node->beacon.clusterId == self_.clusterId &&
         freshnessOf(node->beacon) < sources_.freshness();
}

/// A leader of this cluster that lives as far as the parent tells, other than by its last words.
const Neighbour* Election::leaderOnParent() const {
  for (const auto& [id, node] : neighbours_.all()) {
    if (node.beacon.role != Role::Leading || node.beacon.clusterId != self_.clusterId) continue;
    if (!node.heardOnParent || now_ - *node.heardOnParent > kBeaconLife) continue;
    if (lost_ && lost_->nodeId == id && *node.heardOnParent <= lost_->lastSign) continue;
    return &node;
  }
  return nullptr;
}

}  // namespace cluster_lab::election

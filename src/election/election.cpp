// What is the same in every state. The states themselves: election_probing.cpp,
// election_leading.cpp, election_following.cpp.
#include "election/election.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace cluster_lab::election {
namespace {

/// A deadline missed by more than this: the process was held up or stopped, what was sent meanwhile
/// may be unread yet.
constexpr auto kAsleep = std::chrono::milliseconds(300);
/// A term beyond this is no cluster's: it would take a change of leader every nanosecond for years.
constexpr std::uint64_t kMostTerm = std::uint64_t{1} << 60U;
constexpr int kGoodbyes = 3;

}  // namespace

Election::Election(Identity self, Timing timing, Memory memory, Sources sources)
    : self_(std::move(self)),
      timing_(timing),
      sources_(std::move(sources)),
      seenTerm_(memory.term),
      beacons_(timing),
      precedence_(timing, self_.clusterId, std::move(memory.members), memory.term == 0),
      pace_(timing) {}

std::vector<Action> Election::step(TimePoint now, const Event& event) {
  if (state_ == State::Stopping) return {};
  now_ = now;
  if (since_ == TimePoint{}) since_ = now;
  noticeSleep();
  std::visit([this](const auto& happened) { on(happened); }, event);
  if (state_ != State::Stopping) runDue();
  return std::exchange(actions_, {});
}

std::optional<TimePoint> Election::nextDeadline() const {
  if (state_ == State::Stopping) return std::nullopt;
  auto next = std::min(beacons_.nextDeadline(), twin_.nextDeadline());
  if (holder_) {
    next = std::min({next, holder_->patienceEnds, holder_->nextAsk});
  } else if (probe_) {
    next = std::min(next, probe_->nextDeadline());
  } else if (block_) {
    next = std::min(next, block_->nextRetry);
  }
  if (duties_) next = std::min(next, duties_->nextDeadline());
  if (watch_) next = std::min(next, watch_->nextDeadline());
  if (next == TimePoint::max()) return std::nullopt;
  return next;
}

wire::Beacon Election::describe(Role role, bool wantsAnswer) const {
  const auto copy = sources_.freshness();
  wire::Beacon beacon;
  beacon.clusterId = self_.clusterId;
  beacon.nodeId = self_.nodeId;
  beacon.name = self_.name;
  beacon.role = role;
  beacon.wantsAnswer = wantsAnswer;
  beacon.term = role == Role::Leading ? term() : seenTerm_;
  beacon.registryTerm = copy.term;
  beacon.registryIndex = copy.index;
  beacon.linkKind = self_.linkKind;
  beacon.linkId = self_.linkId;
  beacon.linkMac = mac_;
  beacon.nodeAddress = nodeAddress_;
  beacon.leaderAddress = self_.leaderAddress;
  beacon.successor = successor_;
  if (role == Role::Leading) beacon.followers = followers();
  return beacon;
}

Role Election::role() const {
  switch (state_) {
    case State::Leading:
      return Role::Leading;
    case State::Following:
      return Role::Following;
    case State::Stopping:
      return Role::Leaving;
    default:
      return Role::Searching;
  }
}

// --- events that mean the same in every state

void Election::on(const LinkUp& event) {
  if (state_ != State::WaitingForLink && mac_ == event.mac) return;
  if (mac_ != event.mac) formerMac_ = std::exchange(mac_, event.mac);
  precedence_.linkUp(now_);
  actions_.emplace_back(DropLeaderAddress{});  // an earlier life may have left it there
  startProbing("the cluster link is up: asking who has " + self_.leaderAddress.toString());
}

void Election::on(const LinkDown& /*event*/) {
  if (state_ == State::WaitingForLink) return;
  setProblem(std::nullopt);
  enter(State::WaitingForLink, "the cluster link is down");
}

void Election::on(const ArpReceived& event) {
  if (event.packet.senderMac == mac_) return;
  if (probe_ && !goesAfterThisNode(event.packet)) probe_->received(event.packet);
  if (watch_) watch_->received(event.packet);
  if (duties_ && event.packet.claims(self_.leaderAddress)) contested(event.packet);
}

void Election::on(const HeartbeatReceived& event) {
  const auto& beacon = event.beacon;
  if (isSelf(beacon) || beacon.term > kMostTerm) return;
  if (isTwin(beacon)) return twinHeard(beacon);
  neighbours_.heard(now_, Medium::Link, beacon);
  if (beacon.clusterId != self_.clusterId) {
    if (beacon.role == Role::Leading) meetForeignLeader(beacon, event.source);
    return;
  }
  noteTerm(beacon.term);
  if (probe_ || block_) meetLeader(beacon, event.source);
  if (duties_) leadingHears(beacon, event.source);
  if (watch_) followingHears(beacon, event.source);
}

void Election::on(const BeaconReceived& event) {
  const auto& beacon = event.beacon;
  if (isSelf(beacon) || beacon.term > kMostTerm) return;
  if (isTwin(beacon)) return twinHeard(beacon);
  neighbours_.heard(now_, Medium::Parent, beacon);
  if (beacon.clusterId != self_.clusterId) return;
  noteTerm(beacon.term);
  if (watch_) leaderSpoke(beacon);
  if (!duties_) return;
  if (beacon.role == Role::Leading) {
    leaderOnParentMet(beacon);
  } else if (beacon.wantsAnswer) {
    beacons_.hurry(now_);
  }
}

void Election::on(const NodeAddressSet& event) {
  nodeAddress_ = event.address;
  if (state_ == State::Leading) leader_->nodeAddress = event.address;
}

void Election::on(const DeadlinePassed& /*event*/) {}

void Election::on(const Stop& event) {
  setProblem(std::nullopt);
  if (state_ == State::Leading) successor_ = event.successor.value_or(NodeId{});
  enter(State::Stopping, "stopping");
  for (int i = 0; i < kGoodbyes; ++i) {
    actions_.emplace_back(SendHeartbeat{MacAddress::broadcast(), Role::Leaving, false});
    actions_.emplace_back(SendBeacon{Role::Leaving, false});
  }
}

// --- what every state uses

/// The only place where the state changes. What belongs to the state that ends, ends here.
void Election::enter(State next, std::string reason, std::optional<Leader> leader) {
  const bool leads = next == State::Leading;
  const bool follows = next == State::Joining || next == State::Following;
  if (duties_ && !leads) {
    duties_.reset();
    actions_.emplace_back(DropLeaderAddress{});
  }
  if (!follows) watch_.reset();
  if (next != State::Blocked) block_.reset();
  if (next != State::Probing) {
    probe_.reset();
    holder_.reset();
  }
  if (leads || follows) precedence_.settled();
  leader_ = std::move(leader);
  const auto before = std::exchange(state_, next);
  reason_ = std::move(reason);
  since_ = now_;
  beacons_.hurry(now_);
  actions_.emplace_back(StateChanged{before, next, reason_, term(), leader_});
}

void Election::noticeSleep() {
  if (duties_ && now_ > duties_->nextDeadline() + kAsleep)
    readsOldNewsTill_ = now_ + followerLife();
  if (duties_ && duties_->overslept(now_)) {
    startProbing("this node was stopped for longer than the leader address lives");
  } else if (probe_ && !holder_ && probe_->hasBegun() && now_ > probe_->nextDeadline() + kAsleep) {
    probeFrom(now_ + jitter());
  }
}

void Election::runDue() {
  if (holder_ || probe_) {
    runProbing();
  } else if (block_) {
    runBlocked();
  }
  if (duties_) runLeading();
  if (watch_) runFollowing();
  twin_.due(now_, actions_);
  if (beacons_.due(now_, role(), neighbours_.all().size())) {
    const bool wantsAnswer = role() == Role::Searching || (watch_ && watch_->isAsking());
    actions_.emplace_back(SendBeacon{role(), wantsAnswer});
  }
}

void Election::setProblem(std::optional<Problem> problem) {
  if (problem_ == problem) return;
  if (problem_ && (!problem || problem->code != problem_->code)) {
    actions_.emplace_back(ProblemGone{problem_->code});
  }
  problem_ = std::move(problem);
  if (problem_) actions_.emplace_back(ProblemRaised{*problem_});
}

void Election::setReason(std::string reason) {
  if (reason_ == reason) return;
  reason_ = std::move(reason);
  actions_.emplace_back(ReasonChanged{reason_});
}

void Election::noteTerm(std::uint64_t term) {
  if (term <= seenTerm_) return;
  seenTerm_ = term;
  actions_.emplace_back(StoreTerm{term});
}

/// Whoever leads shall say so at once.
void Election::ask() {
  actions_.emplace_back(SendHeartbeat{MacAddress::broadcast(), role(), true});
  beacons_.hurry(now_);
}

/// Of two leaders the one with more followers goes on: what it acknowledged is in their copies.
/// Then the one with the higher term, the fresher copy, the higher node id.
bool Election::outranks(const wire::Beacon& other) const {
  return std::make_tuple(other.followers, other.term, freshnessOf(other), other.nodeId,
                         other.linkMac) >
         std::make_tuple(followers(), leader_->term, sources_.freshness(), self_.nodeId, mac_);
}

/// Who follows this leader and does not miss it, by its last heartbeat. An older one proves
/// nothing: by the next but one it may follow another.
std::uint16_t Election::followers() const {
  if (now_ < readsOldNewsTill_) return 0;
  const auto number = std::ranges::count_if(neighbours_.all(), [&](const auto& entry) {
    const auto& node = entry.second;
    return node.beacon.clusterId == self_.clusterId && node.followedOnLink &&
           now_ - *node.followedOnLink <= followerLife();
  });
  return static_cast<std::uint16_t>(number);
}

}  // namespace cluster_lab::election

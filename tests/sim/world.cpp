#include "sim/world.hpp"

#include <algorithm>
#include <cstdio>

namespace cluster_lab::sim {
namespace {

using namespace std::chrono_literals;

const Ipv4 kLeaderAddress(0xC0A8C801);  // 192.168.200.1
constexpr MacAddress kStranger{{0x00, 0x11, 0x22, 0x33, 0x44, 0x55}};
constexpr std::size_t kSocketBuffer = 200;  // frames that a paused daemon finds when it goes on
constexpr auto kJoinPatience = 3s;
constexpr TimePoint kBeginning{std::chrono::hours(1)};

election::Timing timing() {
  election::Timing timing;
  timing.coldStartWait = kColdStartWait;
  return timing;
}

NodeId randomId(Chance& chance) {
  std::array<std::uint8_t, 16> bytes{};
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(chance.below(256));
  return NodeId::fromRandom(bytes);
}

}  // namespace

World::World(Chance& chance, Wires wires, Observer observer)
    : chance_(chance),
      wires_(wires),
      observer_(std::move(observer)),
      now_(kBeginning),
      lastChange_(kBeginning),
      registries_(*this, chance, wires.leastDelay, wires.mostDelay) {}

int World::addNode(int cluster) {
  const auto index = static_cast<int>(nodes_.size());
  auto& node = nodes_.emplace_back();
  node.name = "pi-" + std::to_string(index);
  node.id = randomId(chance_);
  node.mac = {{0xB8, 0x27, 0xEB, static_cast<std::uint8_t>(chance_.below(256)), 0,
               static_cast<std::uint8_t>(index)}};
  node.cluster = cluster;
  registries_.addNode();
  node.segment = {0, cluster};  // clusters share the parent network, each has its own link
  return index;
}

// --- changes of the world

void World::changed(int index, const std::string& what) {
  lastChange_ = now_;
  trace(index, "*** " + what);
}

void World::start(int index) {
  auto& node = at(index);
  node.powered = true;
  if (node.daemon) return;
  changed(index, "starts");
  const election::Identity self{.nodeId = node.id,
                                .name = node.name,
                                .clusterId = "cluster-" + std::to_string(node.cluster),
                                .linkKind = LinkKind::Vlan,
                                .linkId = 200,
                                .leaderAddress = kLeaderAddress};
  registries_.started(index);
  node.daemon = std::make_unique<election::Election>(
      self, timing(), election::Election::Memory{node.storedTerm, membersKnownTo(index)},
      election::Election::Sources{[this](std::uint32_t bound) { return chance_.below(bound); },
                                  [this, index] { return registries_.freshness(index); }});
  lastStart_ = now_;
  ++node.life;
  if (node.plugged) feed(index, election::LinkUp{node.mac});
}

/// What a node's copy of the registry tells of the others.
std::vector<election::Member> World::membersKnownTo(int index) const {
  std::vector<election::Member> members;
  for (const auto& other : nodes_) {
    const bool isMember = other.cluster == node(index).cluster && other.id != node(index).id;
    if (isMember && other.life > 0) members.push_back({other.id, other.name});
  }
  return registries_.hasData(index) ? members : std::vector<election::Member>{};
}

void World::stop(int index) {
  if (!at(index).daemon || at(index).paused) return;
  changed(index, "stops");
  const auto successor = leads(index) ? registries_.handOver(index) : std::nullopt;
  registries_.stops(index);
  feed(index,
       election::Stop{successor ? std::optional(node(*successor).id) : std::optional<NodeId>{}});
  endDaemon(index);
}

void World::killDaemon(int index) {
  if (!at(index).daemon) return;
  changed(index, "daemon is killed");
  endDaemon(index);
}

void World::powerOff(int index) {
  changed(index, "power cut");
  endDaemon(index);
  at(index).powered = false;
  at(index).holdsLeaderAddressTill.reset();
}

void World::endDaemon(int index) {
  auto& node = at(index);
  node.daemon.reset();
  registries_.wanders(index);
  node.paused = false;
  node.unread.clear();
  node.wakesAt = TimePoint::max();
  ++node.life;
  ++node.round;
}

void World::pause(int index) {
  if (!at(index).daemon || at(index).paused) return;
  changed(index, "is paused");
  at(index).paused = true;
}

void World::resume(int index) {
  auto& node = at(index);
  if (!node.paused) return;
  changed(index, "goes on");
  node.paused = false;
  // The event loop may see its timer or its sockets first.
  if (chance_.percent(50)) feed(index, election::DeadlinePassed{});
  while (!node.unread.empty()) {
    const auto event = node.unread.front();
    node.unread.pop_front();
    feed(index, *event);
  }
  feed(index, election::DeadlinePassed{});
}

void World::unplug(int index) {
  if (!at(index).plugged) return;
  changed(index, "is unplugged");
  at(index).plugged = false;
  tell(index, std::make_shared<election::Event>(election::LinkDown{}));
}

void World::plug(int index) {
  if (at(index).plugged) return;
  changed(index, "is plugged in");
  lastStart_ = now_;
  at(index).plugged = true;
  tell(index, std::make_shared<election::Event>(election::LinkUp{at(index).mac}));
}

void World::move(Medium medium, int index, int segment) {
  auto& current = at(index).segment.at(static_cast<std::size_t>(medium));
  if (current == segment) return;
  changed(index, std::string("moves to segment ") + std::to_string(segment) +
                     (medium == Medium::Link ? " of the link" : " of the parent"));
  current = segment;
}

void World::blockOneWay(Medium medium, int from, int to) {
  changed(from, "no longer reaches " + at(to).name);
  oneWays_.emplace(medium, from, to);
}

void World::clearOneWays() {
  if (oneWays_.empty()) return;
  changed(0, "all reach in both directions");
  oneWays_.clear();
}

void World::strangerComes(int segment) {
  if (strangerSegment_) return;
  changed(0, "a stranger comes to segment " + std::to_string(segment));
  strangerSegment_ = segment;
}

void World::strangerGoes() {
  if (!strangerSegment_) return;
  changed(0, "the stranger goes");
  strangerSegment_.reset();
  strangerLeft_ = now_;
}

void World::setSlowCard(int index, bool isSlow) {
  changed(index, isSlow ? "has a slow card" : "has a quick card");
  registries_.setSlow(index, isSlow);
}

void World::copyCard(int from, int to) {
  changed(to, "gets a copy of the card of " + node(from).name);
  at(to).id = at(from).id;
  at(to).storedTerm = at(from).storedTerm;
  registries_.copyCard(from, to);
}

// --- looking at the world

bool World::isAlive(int index) const {
  return node(index).daemon && !node(index).paused && node(index).plugged;
}

bool World::leads(int index) const {
  return isAlive(index) && node(index).daemon->state() == election::State::Leading;
}

bool World::reaches(Medium medium, int from, int to) const {
  const auto& sender = node(from);
  const auto& receiver = node(to);
  const auto side = static_cast<std::size_t>(medium);
  return sender.powered && receiver.powered && sender.plugged && receiver.plugged &&
         sender.segment.at(side) == receiver.segment.at(side) &&
         (oneWays_.empty() || !oneWays_.contains({medium, from, to}));
}

bool World::hearEachOther(int one, int other) const {
  return reachBothWays(one, other) ||
         (reaches(Medium::Parent, one, other) && reaches(Medium::Parent, other, one));
}

bool World::reachBothWays(int one, int other) const {
  return reaches(Medium::Link, one, other) && reaches(Medium::Link, other, one);
}

bool World::strangerOnLinkOf(int index) const {
  return strangerSegment_ && node(index).plugged && node(index).segment.at(1) == *strangerSegment_;
}

TimePoint World::strangerLastThere() const {
  return strangerSegment_ ? now_ : strangerLeft_;
}

void World::trace(int index, const std::string& text) const {
  if (!observer_.trace) return;
  const auto seconds = std::chrono::duration<double>(now_ - kBeginning).count();
  std::array<char, 32> stamp{};
  std::snprintf(stamp.data(), stamp.size(), "%9.4f %-6s ", seconds, node(index).name.c_str());
  observer_.trace(stamp.data() + text);
}

// --- time

void World::push(TimePoint when, Happening::Kind kind, int node, unsigned life,
                 std::shared_ptr<const election::Event> event) {
  queue_.push({when, order_++, kind, node, life, std::move(event), {}});
}

void World::later(Duration delay, std::function<void()> what) {
  queue_.push({now_ + delay, order_++, Happening::Kind::Call, 0, 0, {}, std::move(what)});
}

void World::resetLeader(int index) {
  if (!at(index).paused) feed(index, election::LeaderReset{});
}

void World::runUntil(TimePoint end) {
  while (!queue_.empty() && queue_.top().when <= end) {
    const auto happening = queue_.top();
    queue_.pop();
    now_ = happening.when;
    happen(happening);
  }
  now_ = end;
}

void World::happen(const Happening& happening) {
  auto& node = at(happening.node);
  switch (happening.kind) {
    case Happening::Kind::Call:
      happening.call();
      return;
    case Happening::Kind::Frame:
      deliver(happening.node, happening.event);
      return;
    case Happening::Kind::Wake:
      if (happening.life != node.life || happening.when != node.wakesAt) return;
      node.wakesAt = TimePoint::max();
      if (!node.paused) feed(happening.node, election::DeadlinePassed{});
      return;
    case Happening::Kind::AddressExpires:
      addressExpires(happening.node);
      return;
    case Happening::Kind::TryJoin:
      tryJoin(happening.node, happening.life);
      return;
  }
}

// --- the machines

void World::tell(int index, const std::shared_ptr<const election::Event>& event) {
  auto& node = at(index);
  if (!node.daemon) return;
  if (!node.paused) {
    feed(index, *event);
  } else if (node.unread.size() < kSocketBuffer) {
    node.unread.push_back(event);
  }
}

void World::feed(int index, const election::Event& event) {
  for (const auto& action : at(index).daemon->step(now_, event)) {
    std::visit([&](const auto& wanted) { perform(index, wanted); }, action);
  }
  planWake(index);
}

void World::planWake(int index) {
  auto& node = at(index);
  const auto deadline = node.daemon->nextDeadline();
  if (!deadline) return;
  const auto when = std::max(*deadline, now_) + 100us;  // a timer is never early
  if (when == node.wakesAt) return;
  node.wakesAt = when;
  push(when, Happening::Kind::Wake, index, node.life);
}

void World::deliver(int to, const std::shared_ptr<const election::Event>& event) {
  const auto& node = at(to);
  if (!node.powered || !node.plugged) return;
  if (const auto* arp = std::get_if<election::ArpReceived>(event.get()))
    kernelSees(to, arp->packet);
  if (const auto* heard = std::get_if<election::BeaconReceived>(event.get());
      heard != nullptr && node.daemon && !node.paused) {
    observer_.beaconHeard(to, heard->beacon);
  }
  tell(to, event);
}

void World::kernelSees(int index, const wire::Arp& packet) {
  const auto& node = at(index);
  if (packet.operation != wire::Arp::Operation::Request || packet.targetIp != kLeaderAddress ||
      packet.claims(kLeaderAddress) || !node.holdsLeaderAddressTill) {
    return;
  }
  transmit(Medium::Link, index, packet.senderMac,
           election::ArpReceived{{wire::Arp::Operation::Reply, node.mac, kLeaderAddress,
                                  packet.senderMac, packet.senderIp}});
}

void World::addressExpires(int index) {
  auto& node = at(index);
  if (!node.holdsLeaderAddressTill || now_ < *node.holdsLeaderAddressTill) return;
  node.holdsLeaderAddressTill.reset();
  trace(index, "the kernel drops the leader address");
  tell(index, std::make_shared<election::Event>(election::LeaderAddressLost{}));
}

// --- the wires

void World::transmit(Medium medium, int from, MacAddress destination, election::Event event) {
  const auto shared = std::make_shared<const election::Event>(std::move(event));
  for (int to = 0; to < static_cast<int>(nodes_.size()); ++to) {
    if (to == from || !reaches(medium, from, to)) continue;
    if (destination != MacAddress::broadcast() && destination != at(to).mac) continue;
    if (chance_.perMille(wires_.lossPerMille)) continue;
    const int copies = chance_.perMille(wires_.duplicatePerMille) ? 2 : 1;
    for (int copy = 0; copy < copies; ++copy) {
      const auto delay = chance_.between(wires_.leastDelay, wires_.mostDelay);
      push(now_ + delay, Happening::Kind::Frame, to, 0, shared);
    }
  }
}

void World::strangerAnswers(int asker, const wire::Arp& request) {
  if (!strangerOnLinkOf(asker) || request.operation != wire::Arp::Operation::Request ||
      request.targetIp != kLeaderAddress || request.claims(kLeaderAddress)) {
    return;
  }
  const wire::Arp reply{wire::Arp::Operation::Reply, kStranger, kLeaderAddress, request.senderMac,
                        request.senderIp};
  push(now_ + wires_.mostDelay, Happening::Kind::Frame, asker, 0,
       std::make_shared<election::Event>(election::ArpReceived{reply}));
}

// --- what the rest of a daemon does: join, register, copy the registry

void World::tryJoin(int index, unsigned round) {
  auto& node = at(index);
  if (!node.daemon || node.round != round || node.daemon->state() != election::State::Joining) {
    return;
  }
  if (node.paused) return push(now_ + 300ms, Happening::Kind::TryJoin, index, round);
  const int leader = indexOf(node.daemon->leader()->mac);
  if (leads(leader) && reaches(Medium::Link, index, leader) &&
      reaches(Medium::Link, leader, index)) {
    registries_.joins(index, leader);
    feed(index, election::NodeAddressSet{Ipv4(0xC0A8C865U + static_cast<std::uint32_t>(index))});
    feed(index, election::Joined{});
  } else if (now_ >= node.joinUntil) {
    feed(index, election::JoinFailed{{ErrorCode::TimedOut, "no answer", ""}});
  } else {
    push(now_ + 300ms, Happening::Kind::TryJoin, index, round);
  }
}

int World::indexOf(MacAddress mac) const {
  const auto found =
      std::ranges::find_if(nodes_, [&](const Node& node) { return node.mac == mac; });
  return static_cast<int>(found - nodes_.begin());
}

// --- what the election wants done

void World::perform(int index, const election::SendArp& action) {
  strangerAnswers(index, action.packet);
  transmit(Medium::Link, index, MacAddress::broadcast(), election::ArpReceived{action.packet});
}

void World::perform(int index, const election::SendHeartbeat& action) {
  transmit(Medium::Link, index, action.destination,
           election::HeartbeatReceived{at(index).daemon->describe(action.role, action.wantsAnswer),
                                       at(index).mac});
}

void World::perform(int index, const election::SendBeacon& action) {
  transmit(Medium::Parent, index, MacAddress::broadcast(),
           election::BeaconReceived{at(index).daemon->describe(action.role, action.wantsAnswer)});
}

void World::perform(int index, const election::HoldLeaderAddress& action) {
  at(index).holdsLeaderAddressTill = now_ + action.lifetime;
  push(now_ + action.lifetime, Happening::Kind::AddressExpires, index, 0);
}

void World::perform(int index, const election::DropLeaderAddress& /*action*/) {
  at(index).holdsLeaderAddressTill.reset();
}

void World::perform(int index, const election::StoreTerm& action) {
  observer_.termStored(index, action.term);
  at(index).storedTerm = action.term;
}

void World::perform(int index, const election::StateChanged& action) {
  auto& node = at(index);
  ++node.round;
  trace(index, std::string(toString(action.before)) + " -> " + std::string(toString(action.now)) +
                   ", term " + std::to_string(action.term) + ": " + action.reason);
  observer_.stateChanged(index, action);
  if (action.now == election::State::Leading) {
    registries_.leads(index, action.term);
  } else if (action.now == election::State::Following) {
    registries_.follows(index, indexOf(action.leader->mac));
  } else {
    registries_.wanders(index);
  }
  if (action.now == election::State::Joining) {
    node.joinUntil = now_ + kJoinPatience;
    push(now_ + chance_.between(20ms, 300ms), Happening::Kind::TryJoin, index, node.round);
  }
}

void World::perform(int index, const election::ReasonChanged& action) {
  trace(index, "still so: " + action.reason);
}

void World::perform(int index, const election::ProblemRaised& action) {
  trace(index, "problem " + action.problem.code + ": " + action.problem.message);
}

void World::perform(int index, const election::ProblemGone& action) {
  trace(index, "problem gone: " + action.code);
}

/// Its daemon begins anew, as soon as it has done what it was at.
void World::perform(int index, const election::IdentityTaken& /*action*/) {
  later(1ms, [this, index] {
    endDaemon(index);
    at(index).id = randomId(chance_);
    registries_.clearCard(index);
    start(index);
  });
}

}  // namespace cluster_lab::sim

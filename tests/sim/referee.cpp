#include "sim/referee.hpp"

#include <algorithm>

namespace cluster_lab::sim {
namespace {

using namespace std::chrono_literals;

constexpr auto kTwoLeadersAtMost = 3s;
constexpr auto kLeaderWithin = 5s;
/// Where a node came up: it may wait for others, and let a fresher one go first that waits, too.
constexpr auto kLeaderAfterStart = 2 * kColdStartWait + 4s;
/// Who was blocked by a stranger looks again after at most this (its back-off's end).
constexpr auto kStrangerBackOff = 30s;
/// A beacon this fresh must be known to whoever takes the lead, if its sender leads long enough for
/// late frames from before to be gone.
constexpr auto kFreshBeacon = 200ms;
constexpr auto kLeadsForLong = 1s;

}  // namespace

Observer Referee::observer() {
  return {.stateChanged = [this](int node, const auto& change) { stateChanged(node, change); },
          .termStored =
              [this](int node, std::uint64_t term) {
                auto& stored = storedTerm_[node];
                if (term <= stored) accuse(*world_, "stored a term that is not higher");
                stored = term;
              },
          .beaconHeard = [this](int node, const auto& beacon) { beaconHeard(node, beacon); },
          .trace = {}};
}

void Referee::look(const World& world) {
  world_ = &world;
  lookForTwoLeaders(world);
  lookForMissingLeader(world);
}

void Referee::lookForLostWrites(const World& world) {
  if (const auto lost = world.registries().lostWrite()) accuse(world, *lost);
}

void Referee::accuse(const World& world, const std::string& what) {
  if (verdict_) return;
  verdict_ = what;
  world.trace(0, "!!! " + what);
}

void Referee::stateChanged(int node, const election::StateChanged& change) {
  const auto& name = world_->node(node).name;
  const bool leads = change.now == election::State::Leading;
  if (leads || change.now == election::State::Joining) {
    auto& highest = highestTerm_[node];
    const bool backward = leads ? change.term <= highest : change.term < highest;
    if (backward) accuse(*world_, name + ": its term went back");
    highest = change.term;
  }
  const bool isSuccessor = change.before == election::State::Following;
  if (leads && change.before != election::State::Leading) beganToLead(node, isSuccessor);
  if (!leads) leadsSince_.erase(node);
}

void Referee::beganToLead(int node, bool isSuccessor) {
  leadsSince_[node] = world_->now();
  const auto& name = world_->node(node).name;
  const auto quiet = world_->now() - world_->lastChange();
  if (world_->strangerOnLinkOf(node) && quiet > 1s) {
    accuse(*world_, name + " took a stranger's address");
  }
  const auto heard = lastLeaderBeacon_.find(node);
  if (isSuccessor || heard == lastLeaderBeacon_.end()) return;
  const auto& [other, when] = heard->second;
  const auto since = leadsSince_.find(other);
  if (world_->leads(other) && since != leadsSince_.end() &&
      world_->now() - since->second > kLeadsForLong && world_->now() - when < kFreshBeacon) {
    accuse(*world_, name + " founded a second cluster while hearing " + world_->node(other).name);
  }
}

void Referee::beaconHeard(int node, const wire::Beacon& beacon) {
  if (beacon.role != Role::Leading) return;
  const auto& nodes = world_->nodes();
  const auto sender =
      std::ranges::find_if(nodes, [&](const auto& other) { return other.id == beacon.nodeId; });
  const auto index = static_cast<int>(sender - nodes.begin());
  if (sender->cluster == world_->node(node).cluster) {
    lastLeaderBeacon_[node] = {index, world_->now()};
  }
}

void Referee::lookForTwoLeaders(const World& world) {
  std::vector<int> leaders;
  for (int i = 0; i < static_cast<int>(world.nodes().size()); ++i) {
    if (world.leads(i)) leaders.push_back(i);
  }
  std::map<std::pair<int, int>, TimePoint> together;
  for (const int one : leaders) {
    for (const int other : leaders) {
      if (one >= other || world.node(one).cluster != world.node(other).cluster ||
          !world.hearEachOther(one, other)) {
        continue;
      }
      const auto known = together_.find({one, other});
      const auto since = known == together_.end() ? world.now() : known->second;
      together[{one, other}] = since;
      if (world.now() - since > kTwoLeadersAtMost) {
        accuse(world, world.node(one).name + " and " + world.node(other).name + " both lead");
      }
    }
  }
  together_ = std::move(together);
}

void Referee::lookForMissingLeader(const World& world) {
  if (world.now() - world.lastChange() < kLeaderWithin || world.hasOneWays()) return;
  if (world.now() < world.lastStart() + kLeaderAfterStart) return;
  const bool strangerLately =
      world.strangerLastThere() != TimePoint::min() &&
      world.now() - world.strangerLastThere() < kLeaderWithin + kStrangerBackOff;
  if (strangerLately) return;
  const auto count = static_cast<int>(world.nodes().size());
  for (int i = 0; i < count; ++i) {
    if (!world.isAlive(i)) continue;
    bool found = false;
    for (int j = 0; j < count && !found; ++j) {
      found = world.leads(j) && world.node(j).cluster == world.node(i).cluster &&
              (i == j || world.hearEachOther(i, j));
    }
    if (!found) accuse(world, world.node(i).name + " has no leader long after the last change");
  }
}

}  // namespace cluster_lab::sim

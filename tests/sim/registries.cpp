#include "sim/registries.hpp"

#include <algorithm>
#include <utility>

#include "sim/world.hpp"

namespace cluster_lab::sim {
namespace {

using namespace std::chrono_literals;

constexpr auto kResend = 200ms;        // what TCP could not deliver
constexpr auto kCopyInterval = 60s;    // a follower's card
constexpr auto kSettling = 200ms;      // of a new leader, before it acknowledges anything
constexpr std::size_t kOnTheWay = 20;  // changes that followers need not have yet

}  // namespace

void Registries::started(int node) {
  at(node).copy = at(node).card;
}

void Registries::leads(int node, std::uint64_t term) {
  wanders(node);
  at(node).term = term;
  at(node).settledFrom = world_.now() + kSettling;
  later(cardTime(node), node, [this, node] {
    at(node).card = at(node).copy;
    write(node);
  });
}

void Registries::follows(int node, int leader) {
  wanders(node);
  at(node).leader = leader;
  ask(node);
  later(chance_.between(Duration::zero(), Duration(kCopyInterval)), node,
        [this, node] { keepCopy(node); });
}

void Registries::wanders(int node) {
  auto& self = at(node);
  ++self.duty;
  self.term = 0;
  self.leader.reset();
  self.acknowledged = 0;
  for (const auto& question : std::exchange(self.waiting, {})) {
    if (at(question.node).duty == question.duty) askAgain(question.node);
  }
}

std::optional<int> Registries::handOver(int node) {
  const auto size = at(node).copy.size();
  ++at(node).duty;
  for (int other = 0; other < static_cast<int>(nodes_.size()); ++other) {
    const bool follows = at(other).leader == node && talks(other, node);
    if (follows && !world_.node(other).paused && at(other).copy.size() == size) return other;
  }
  return std::nullopt;
}

election::Freshness Registries::freshness(int node) const {
  const auto& copy = at(node).copy;
  if (copy.empty()) return {};
  return {copy.back().term, copy.size()};
}

bool Registries::inStep() const {
  return std::ranges::all_of(nodes_, [this](const Node& node) {
    return !node.leader || node.copy.size() + kOnTheWay >= at(*node.leader).copy.size();
  });
}

std::optional<std::string> Registries::lostWrite() const {
  for (int node = 0; node < static_cast<int>(nodes_.size()); ++node) {
    if (!world_.leads(node)) continue;
    const auto acknowledged = acknowledged_.find(world_.node(node).cluster);
    if (acknowledged == acknowledged_.end()) continue;
    std::set<std::uint64_t> there;
    for (const auto& change : at(node).copy) there.insert(change.write);
    for (const auto write : acknowledged->second) {
      if (there.contains(write)) continue;
      return world_.node(node).name + " leads without the acknowledged write " +
             std::to_string(write);
    }
  }
  return std::nullopt;
}

// --- what all use

bool Registries::talks(int node, int other) const {
  return !world_.hasNoDaemon(node) && !world_.hasNoDaemon(other) &&
         world_.reachBothWays(node, other);
}

Duration Registries::travel() {
  return chance_.between(leastDelay_, mostDelay_);
}

Duration Registries::cardTime(int node) {
  return at(node).hasSlowCard ? chance_.between(300ms, 3s) : chance_.between(1ms, 20ms);
}

/// Unless the node does something else by then; when it is paused, after that.
void Registries::later(Duration delay, int node, std::function<void()> what) {
  world_.later(delay, [this, node, duty = at(node).duty, what = std::move(what)] {
    if (at(node).duty != duty) return;
    if (world_.node(node).paused) return later(100ms, node, what);
    what();
  });
}

// --- a leader

void Registries::write(int node) {
  const Change change{at(node).term, ++writes_};
  later(cardTime(node), node, [this, node, change] { written(node, change); });
}

void Registries::written(int node, Change change) {
  auto& self = at(node);
  self.copy.push_back(change);
  self.card.push_back(change);
  world_.trace(node, "write " + std::to_string(change.write) + " is on its card");
  for (const auto& question : std::exchange(self.waiting, {})) answer(node, question);
  later(chance_.between(20ms, 300ms), node, [this, node] { write(node); });
}

void Registries::asked(int leader, const Question& question) {
  acknowledge(leader, question.from);
  if (at(leader).copy.size() > question.from) return answer(leader, question);
  at(leader).waiting.push_back(question);
}

void Registries::answer(int leader, const Question& question) {
  const auto& [node, duty, from] = question;
  if (at(node).duty != duty) return;
  if (!talks(leader, node)) {
    return later(kResend, leader, [this, leader, question] { answer(leader, question); });
  }
  const auto& log = at(leader).copy;
  const Log news(log.begin() + static_cast<std::ptrdiff_t>(from), log.end());
  later(travel(), node, [this, index = node, news] {
    auto& copy = at(index).copy;
    copy.insert(copy.end(), news.begin(), news.end());
    ask(index);
  });
}

void Registries::acknowledge(int leader, std::size_t upTo) {
  auto& self = at(leader);
  if (world_.now() < self.settledFrom) {
    return later(self.settledFrom - world_.now(), leader,
                 [this, leader, upTo] { acknowledge(leader, upTo); });
  }
  for (; self.acknowledged < upTo; ++self.acknowledged) {
    const auto write = self.copy.at(self.acknowledged).write;
    if (acknowledged_[world_.node(leader).cluster].insert(write).second) {
      world_.trace(leader, "write " + std::to_string(write) + " is acknowledged");
    }
  }
}

// --- a follower

void Registries::ask(int node) {
  const int leader = at(node).leader.value();
  if (!talks(node, leader) || at(leader).term == 0) {
    if (world_.hasNoDaemon(leader) && world_.reachBothWays(node, leader)) world_.resetLeader(node);
    if (at(node).leader) askAgain(node);
    return;
  }
  const Question question{node, at(node).duty, at(node).copy.size()};
  world_.later(travel(), [this, leader, question, duty = at(leader).duty] {
    const bool isHeard = at(leader).duty == duty;
    if (isHeard) return later(Duration::zero(), leader, [=, this] { asked(leader, question); });
    if (at(question.node).duty == question.duty) askAgain(question.node);
  });
}

void Registries::keepCopy(int node) {
  at(node).card = at(node).copy;
  later(kCopyInterval, node, [this, node] { keepCopy(node); });
}

}  // namespace cluster_lab::sim

#include "election/neighbours.hpp"

#include <algorithm>

namespace cluster_lab::election {
namespace {

constexpr auto kForgetAfter = std::chrono::seconds(30);
constexpr std::size_t kMost = 1000;

}  // namespace

TimePoint Neighbour::lastHeard() const {
  return std::max(heardOnParent.value_or(TimePoint::min()), heardOnLink.value_or(TimePoint::min()));
}

void Neighbours::heard(TimePoint now, Medium medium, const wire::Beacon& beacon) {
  if (now >= nextSweep_) forgetSilent(now);
  if (nodes_.size() >= kMost && !nodes_.contains(beacon.nodeId)) return;
  auto& node = nodes_[beacon.nodeId];
  node.beacon = beacon;
  (medium == Medium::Parent ? node.heardOnParent : node.heardOnLink) = now;
  if (beacon.role != Role::Following || beacon.wantsAnswer) {
    node.followedOnLink.reset();
  } else if (medium == Medium::Link) {
    node.followedOnLink = now;
  }
}

const Neighbour* Neighbours::find(const NodeId& id) const {
  const auto found = nodes_.find(id);
  return found == nodes_.end() ? nullptr : &found->second;
}

const Neighbour* Neighbours::findByMac(const MacAddress& linkMac) const {
  const auto found = std::ranges::find_if(
      nodes_, [&](const auto& entry) { return entry.second.beacon.linkMac == linkMac; });
  return found == nodes_.end() ? nullptr : &found->second;
}

std::vector<Neighbour> Neighbours::list(TimePoint now) const {
  std::vector<Neighbour> heard;
  for (const auto& [id, node] : nodes_) {
    if (now - node.lastHeard() <= kForgetAfter) heard.push_back(node);
  }
  return heard;
}

bool Neighbours::silentLongerThan(TimePoint now, const NodeId& id, Duration limit) const {
  const auto* node = find(id);
  return node == nullptr || !node->heardOnLink || now - *node->heardOnLink > limit;
}

void Neighbours::forgetSilent(TimePoint now) {
  std::erase_if(nodes_,
                [&](const auto& entry) { return now - entry.second.lastHeard() > kForgetAfter; });
  nextSweep_ = now + std::chrono::seconds(1);
}

}  // namespace cluster_lab::election

#include "registry/node_ages.hpp"

#include <utility>

namespace cluster_lab::registry {

void NodeAges::follow(const State& state, TimePoint now) {
  for (const auto& [key, node] : state.nodes()) firstSeen_.try_emplace(node.row.id, now);
  if (firstSeen_.size() == state.nodes().size()) return;
  std::erase_if(firstSeen_,
                [&](const auto& seen) { return !state.nodes().contains(nodeKey(seen.first)); });
}

void NodeAges::adopt(const Ages& ages, TimePoint now) {
  for (const auto& [id, age] : ages) {
    const auto seen = firstSeen_.find(id);
    if (seen != firstSeen_.end()) seen->second = now - age;
  }
}

Ages NodeAges::at(TimePoint now) const {
  Ages ages;
  for (const auto& [id, seen] : firstSeen_) {
    ages[id] = std::chrono::duration_cast<std::chrono::seconds>(now - seen);
  }
  return ages;
}

}  // namespace cluster_lab::registry

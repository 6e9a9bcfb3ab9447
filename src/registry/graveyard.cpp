#include "registry/graveyard.hpp"

#include <algorithm>

namespace cluster_lab::registry {
namespace {

constexpr std::size_t kMostGraves = 1024;

}  // namespace

void Graveyard::bury(const std::string& key, std::uint64_t index) {
  byKey_[key] = index;
  byAge_.emplace_back(index, key);
  if (byAge_.size() <= kMostGraves) return;
  const auto& [oldest, oldKey] = byAge_.front();
  floor_ = std::max(floor_, oldest);
  const auto grave = byKey_.find(oldKey);
  if (grave != byKey_.end() && grave->second == oldest) byKey_.erase(grave);
  byAge_.pop_front();
}

std::uint64_t Graveyard::indexUnder(std::string_view prefix) const {
  auto highest = floor_;
  for (auto grave = byKey_.lower_bound(prefix);
       grave != byKey_.end() && grave->first.starts_with(prefix); ++grave) {
    highest = std::max(highest, grave->second);
  }
  return highest;
}

}  // namespace cluster_lab::registry

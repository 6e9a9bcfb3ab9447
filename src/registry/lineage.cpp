#include "registry/lineage.hpp"

#include <algorithm>

namespace cluster_lab::registry {
namespace {

constexpr std::size_t kMostEras = 64;

}  // namespace

void Lineage::extend(const Position& position) {
  if (!eras_.empty() && eras_.back().term == position.term &&
      eras_.back().writer == position.writer) {
    eras_.back().last = position.index;
    return;
  }
  if (eras_.size() == kMostEras) eras_.erase(eras_.begin());
  eras_.push_back({position.term, position.writer, position.index});
}

bool Lineage::contains(const Position& position) const {
  if (position == Position{}) return true;
  std::uint64_t before = 0;
  for (const auto& era : eras_) {
    if (era.term == position.term && era.writer == position.writer && before < position.index &&
        position.index <= era.last) {
      return true;
    }
    before = era.last;
  }
  return false;
}

Position Lineage::commonWith(const Lineage& other) const {
  for (auto own = eras_.rbegin(); own != eras_.rend(); ++own) {
    const auto same = std::ranges::find_if(other.eras_, [&](const Era& era) {
      return era.term == own->term && era.writer == own->writer;
    });
    if (same == other.eras_.end()) continue;
    return {.term = own->term, .writer = own->writer, .index = std::min(own->last, same->last)};
  }
  return {};
}

}  // namespace cluster_lab::registry

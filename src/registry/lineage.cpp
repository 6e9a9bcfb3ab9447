#include "registry/lineage.hpp"

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

}  // namespace cluster_lab::registry

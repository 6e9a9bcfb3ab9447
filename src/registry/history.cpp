#include "registry/history.hpp"

namespace cluster_lab::registry {

void History::append(Entry entry) {
  if (!entries_.empty() && entries_.back().at.index + 1 != entry.at.index) clear();
  bytes_ += entry.size();
  entries_.push_back(std::move(entry));
  while (!entries_.empty() && (entries_.size() > mostEntries_ || bytes_ > mostBytes_)) {
    bytes_ -= entries_.front().size();
    entries_.pop_front();
  }
}

std::optional<std::vector<Entry>> History::since(std::uint64_t index, std::uint64_t newest) const {
  if (index == newest) return std::vector<Entry>{};
  if (index > newest || entries_.empty() || entries_.front().at.index > index + 1) {
    return std::nullopt;
  }
  const auto skip = index + 1 - entries_.front().at.index;
  return std::vector<Entry>(entries_.begin() + static_cast<std::ptrdiff_t>(skip), entries_.end());
}

void History::clear() {
  entries_.clear();
  bytes_ = 0;
}

}  // namespace cluster_lab::registry

#include "registry/service_index.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace cluster_lab::registry {

void ServiceIndex::add(const std::string& name, const std::string& rowKey, std::uint64_t index) {
  auto& entry = byName_[toLower(name)];
  entry.rowKeys.insert(rowKey);
  entry.index = std::max(entry.index, index);
}

void ServiceIndex::remove(const std::string& name, const std::string& rowKey, std::uint64_t index) {
  const auto entry = byName_.find(toLower(name));
  if (entry == byName_.end()) return;
  entry->second.rowKeys.erase(rowKey);
  entry->second.index = std::max(entry->second.index, index);
  if (!entry->second.rowKeys.empty()) return;
  extinction_ = std::max(extinction_, index);
  byName_.erase(entry);
}

void ServiceIndex::touch(const std::string& name, std::uint64_t index) {
  const auto entry = byName_.find(toLower(name));
  if (entry != byName_.end()) entry->second.index = std::max(entry->second.index, index);
}

const std::set<std::string>& ServiceIndex::instances(std::string_view name) const {
  static const std::set<std::string> kNone;
  const auto entry = byName_.find(toLower(name));
  return entry == byName_.end() ? kNone : entry->second.rowKeys;
}

std::uint64_t ServiceIndex::index(std::string_view name) const {
  const auto entry = byName_.find(toLower(name));
  return std::max(floor_, entry == byName_.end() ? extinction_ : entry->second.index);
}

}  // namespace cluster_lab::registry

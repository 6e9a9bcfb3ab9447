#include "registry/lock_delays.hpp"

namespace cluster_lab::registry {

void LockDelays::note(const State& state, const ChangeSet& changes, TimePoint now) {
  for (const auto& change : changes) {
    if (change.table != Table::Sessions || change.value) continue;
    const auto session = state.sessions().find(change.key);
    if (session == state.sessions().end() || session->second.row.lockDelay.count() <= 0) continue;
    std::erase_if(ends_, [&](const auto& entry) { return entry.second <= now; });
    for (const auto& [key, pair] : state.kv()) {
      if (pair.row.session == change.key) ends_[key] = now + session->second.row.lockDelay;
    }
  }
}

bool LockDelays::holdsBack(const std::string& key, TimePoint now) const {
  const auto end = ends_.find(key);
  return end != ends_.end() && now < end->second;
}

}  // namespace cluster_lab::registry

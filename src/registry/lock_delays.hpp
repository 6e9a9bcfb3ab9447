#pragma once

#include <map>
#include <string>

#include "base/time.hpp"
#include "registry/change_set.hpp"
#include "registry/state.hpp"

namespace cluster_lab::registry {

/// Which keys may not be locked for a while, because the session that held them ended (Consul's
/// lock-delay): its holder may not have noticed yet. A lock that was given back is free at once.
/// Only the leader has these, in memory.
class LockDelays {
 public:
  /// Takes in what `changes`, about to be carried out on `state` at `now`, ends.
  void note(const State& state, const ChangeSet& changes, TimePoint now);
  [[nodiscard]] bool holdsBack(const std::string& key, TimePoint now) const;

 private:
  std::map<std::string, TimePoint> ends_;  ///< by key
};

}  // namespace cluster_lab::registry

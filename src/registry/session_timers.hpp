#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "registry/state.hpp"

namespace cluster_lab::registry {

// Consul's limits of a session's TTL (api-docs/session).
inline constexpr std::chrono::nanoseconds kShortestTtl = std::chrono::seconds(10);
inline constexpr std::chrono::nanoseconds kLongestTtl = std::chrono::hours(24);

/// When each session with a TTL ends unless it is renewed. As with Consul that is after twice its
/// TTL: a client that renews in time never loses it to a slow network or a new leader. Only the
/// leader has these, in memory; a new one begins with all anew.
class SessionTimers {
 public:
  /// Takes in sessions that are new in the state at `now`, forgets those that are gone.
  void follow(const State& state, TimePoint now);
  /// From `now` on the TTL begins again. A session without one: nothing.
  void renew(const std::string& id, TimePoint now);
  /// Ids of the sessions whose time is over; their timers begin again, in case that they cannot be
  /// ended now.
  [[nodiscard]] std::vector<std::string> takeExpired(TimePoint now);
  /// When takeExpired() has something next; nullopt: no session has a TTL.
  [[nodiscard]] std::optional<TimePoint> nextDeadline() const;

 private:
  struct Timer {
    Duration life;
    TimePoint end;
  };
  std::map<std::string, Timer> timers_;  ///< by session id
};

}  // namespace cluster_lab::registry

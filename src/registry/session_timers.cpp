#include "registry/session_timers.hpp"

#include <algorithm>

#include "registry/go_values.hpp"

namespace cluster_lab::registry {
namespace {

constexpr int kMultiplier = 2;  // Consul's SessionTTLMultiplier

/// 0: never by time.
Duration lifeOf(const Session& session) {
  if (session.ttl.empty()) return {};
  const auto ttl = parseGoDuration(session.ttl);
  if (!ttl || ttl->count() <= 0) return {};
  return std::min(*ttl, kLongestTtl) * kMultiplier;
}

}  // namespace

void SessionTimers::follow(const State& state, TimePoint now) {
  for (const auto& [id, session] : state.sessions()) {
    if (timers_.contains(id)) continue;
    const auto life = lifeOf(session.row);
    if (life.count() > 0) timers_.emplace(id, Timer{.life = life, .end = now + life});
  }
  std::erase_if(timers_,
                [&](const auto& timer) { return !state.sessions().contains(timer.first); });
}

void SessionTimers::renew(const std::string& id, TimePoint now) {
  const auto timer = timers_.find(id);
  if (timer != timers_.end()) timer->second.end = now + timer->second.life;
}

std::vector<std::string> SessionTimers::takeExpired(TimePoint now) {
  std::vector<std::string> expired;
  for (auto& [id, timer] : timers_) {
    if (timer.end > now) continue;
    expired.push_back(id);
    timer.end = now + timer.life;
  }
  return expired;
}

std::optional<TimePoint> SessionTimers::nextDeadline() const {
  const auto next =
      std::ranges::min_element(timers_, {}, [](const auto& timer) { return timer.second.end; });
  if (next == timers_.end()) return std::nullopt;
  return next->second.end;
}

}  // namespace cluster_lab::registry

#include "registry/session_keeper.hpp"

#include "os/log.hpp"
#include "registry/decide_session.hpp"

namespace cluster_lab::registry {
namespace {

// With no TTL to wait for; a new session wakes the thread anyway.
constexpr std::chrono::minutes kIdle{10};

TimePoint now() {
  return std::chrono::steady_clock::now();
}

}  // namespace

void SessionKeeper::start() {
  stop();
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = false;
    timers_ = {};
  }
  thread_ = std::thread([this] { run(); });
}

void SessionKeeper::stop() {
  if (!thread_.joinable()) return;
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  core_.wakeups().touch({Table::Sessions});
  thread_.join();
}

void SessionKeeper::renew(const std::string& id) {
  const std::scoped_lock lock(mutex_);
  timers_.renew(id, now());
}

bool SessionKeeper::stopping() const {
  const std::scoped_lock lock(mutex_);
  return stopping_;
}

void SessionKeeper::run() {
  Wakeups::Waiter waiter(core_.wakeups(), {Table::Sessions});
  while (!stopping()) {
    if (waiter.wait(endExpired()) == Wakeups::Outcome::Abandoned) return;
  }
}

TimePoint SessionKeeper::endExpired() {
  std::vector<std::string> expired;
  {
    const std::scoped_lock lock(mutex_);
    core_.read([&](const Core::View& view) { timers_.follow(view.state, now()); });
    expired = timers_.takeExpired(now());
  }
  for (const auto& id : expired) {
    const auto ended =
        core_.write([&](const State& state) { return decide::destroySession(state, id); });
    if (!ended) {
      os::log::warning(
          ended.error().during("end session " + id + ", which was not renewed").text());
    }
  }
  const std::scoped_lock lock(mutex_);
  return timers_.nextDeadline().value_or(now() + kIdle);
}

}  // namespace cluster_lab::registry

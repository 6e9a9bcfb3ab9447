#include "registry/wakeups.hpp"

#include <utility>

namespace cluster_lab::registry {

Wakeups::Waiter::Waiter(Wakeups& wakeups, TableSet tables) : wakeups_(wakeups), tables_(tables) {
  const std::scoped_lock lock(wakeups_.mutex_);
  abandoned_ = wakeups_.stopped_;
  place_ = wakeups_.waiters_.insert(wakeups_.waiters_.end(), this);
}

Wakeups::Waiter::~Waiter() {
  const std::scoped_lock lock(wakeups_.mutex_);
  wakeups_.waiters_.erase(place_);
}

Wakeups::Outcome Wakeups::Waiter::wait(TimePoint deadline) {
  std::unique_lock lock(wakeups_.mutex_);
  const bool woken = wake_.wait_until(lock, deadline, [this] { return touched_ || abandoned_; });
  if (abandoned_) return Outcome::Abandoned;
  touched_ = false;
  return woken ? Outcome::Touched : Outcome::Expired;
}

void Wakeups::touch(TableSet tables) {
  const std::scoped_lock lock(mutex_);
  for (auto* waiter : waiters_) {
    if (!waiter->tables_.meets(tables)) continue;
    waiter->touched_ = true;
    waiter->wake_.notify_one();
  }
}

void Wakeups::abandon() {
  const std::scoped_lock lock(mutex_);
  abandonLocked();
}

void Wakeups::stop() {
  const std::scoped_lock lock(mutex_);
  stopped_ = true;
  abandonLocked();
}

void Wakeups::abandonLocked() {
  for (auto* waiter : waiters_) {
    waiter->abandoned_ = true;
    waiter->wake_.notify_one();
  }
}

}  // namespace cluster_lab::registry

#include "registry/copy_keeper.hpp"

#include "os/log.hpp"

namespace cluster_lab::registry {
namespace {

constexpr std::chrono::minutes kInterval{1};

TimePoint now() {
  return std::chrono::steady_clock::now();
}

}  // namespace

CopyKeeper::CopyKeeper(Core& core)
    : core_(core), schedule_(kInterval), thread_([this] { run(); }) {}

void CopyKeeper::changed() {
  const std::scoped_lock lock(mutex_);
  schedule_.changed();
  wake_.notify_one();
}

void CopyKeeper::stop() {
  if (!thread_.joinable()) return;
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
    wake_.notify_one();
  }
  thread_.join();
  static_cast<void>(keep());
}

void CopyKeeper::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const auto due = schedule_.nextWrite();
    if (!due) {
      wake_.wait(lock);
    } else if (*due > now()) {
      wake_.wait_until(lock, *due, [this] { return stopping_; });
    } else {
      schedule_.wrote(now());
      lock.unlock();
      const bool kept = keep();
      lock.lock();
      if (!kept) schedule_.changed();
    }
  }
}

bool CopyKeeper::keep() {
  const auto kept = core_.keepCopy();
  if (!kept) os::log::warning(kept.error().during("keep a copy of the registry").text());
  return kept.has_value();
}

}  // namespace cluster_lab::registry

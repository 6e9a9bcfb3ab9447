#include "http/workers.hpp"

#include <cstddef>
#include <utility>

namespace cluster_lab::http {
namespace {

/// cpp-httplib and a handler need about 30 KiB; only pages that are touched count.
constexpr std::size_t kStackSize = std::size_t{256} << 10U;

}  // namespace

Workers::Workers(const Limits& limits, Work work) : limits_(limits), work_(std::move(work)) {
  pthread_attr_init(&attributes_);
  pthread_attr_setstacksize(&attributes_, kStackSize);
  pthread_attr_setdetachstate(&attributes_, PTHREAD_CREATE_DETACHED);
}

Workers::~Workers() {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  changed_.notify_all();
  ended_.wait(lock, [this] { return threads_ == 0; });
  pthread_attr_destroy(&attributes_);
}

bool Workers::submit(Connection& connection) {
  const std::scoped_lock lock(mutex_);
  if (idle_ <= queue_.size() && !startThread() && threads_ == 0) return false;
  queue_.push_back(&connection);
  overloaded_ = queue_.size() > idle_ && threads_ >= limits_.most;
  changed_.notify_one();
  return true;
}

bool Workers::startThread() {
  if (threads_ >= limits_.most) return false;
  pthread_t thread{};
  if (pthread_create(&thread, &attributes_, &Workers::run, this) != 0) return false;
  ++threads_;
  ++idle_;  // it looks for work as soon as it runs
  return true;
}

void* Workers::run(void* workers) {
  pthread_setname_np(pthread_self(), "http-worker");
  static_cast<Workers*>(workers)->runOne();
  return nullptr;
}

void Workers::runOne() {
  std::unique_lock lock(mutex_);
  const auto wanted = [this] { return stopping_ || !queue_.empty(); };
  while (changed_.wait_for(lock, limits_.idleTime, wanted) && !queue_.empty()) {
    auto* connection = queue_.front();
    queue_.pop_front();
    if (queue_.empty()) overloaded_ = false;
    --idle_;
    lock.unlock();
    work_(*connection);
    lock.lock();
    ++idle_;
  }
  --idle_;
  if (--threads_ == 0) ended_.notify_all();
}

}  // namespace cluster_lab::http

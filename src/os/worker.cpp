#include "os/worker.hpp"

#include <utility>

namespace cluster_lab::os {

Worker::Worker() : thread_([this] { run(); }) {}

Worker::~Worker() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
    tasks_.clear();
  }
  wake_.notify_all();
  thread_.join();
}

void Worker::post(std::function<void()> task) {
  {
    const std::scoped_lock lock(mutex_);
    if (ending_) return;
    tasks_.push_back(std::move(task));
  }
  wake_.notify_all();
}

void Worker::clear() {
  const std::scoped_lock lock(mutex_);
  tasks_.clear();
}

bool Worker::drain(std::chrono::milliseconds longest) {
  std::unique_lock lock(mutex_);
  return wake_.wait_for(lock, longest, [this] { return tasks_.empty() && !busy_; });
}

void Worker::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return ending_ || !tasks_.empty(); });
    if (ending_) return;
    const auto task = std::move(tasks_.front());
    tasks_.pop_front();
    busy_ = true;
    lock.unlock();
    task();
    lock.lock();
    busy_ = false;
    wake_.notify_all();
  }
}

}  // namespace cluster_lab::os

#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace cluster_lab::os {

/// One background thread for what may block (a store on a slow card, a call to another node), so
/// that the loop thread never does. Tasks run in the order posted. Any thread may post.
class Worker {
 public:
  Worker();
  /// Drops what has not begun, waits for what has.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void post(std::function<void()> task);
  /// Drops what has not begun.
  void clear();
  /// Waits until everything posted before has run, at most `longest`; false: it has not.
  bool drain(std::chrono::milliseconds longest);

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> tasks_;
  bool busy_ = false;
  bool ending_ = false;
  std::thread thread_;  // last: starts when all the rest is there
};

}  // namespace cluster_lab::os

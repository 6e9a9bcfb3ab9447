#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "registry/copy_schedule.hpp"
#include "registry/core.hpp"

namespace cluster_lab::registry {

/// Puts a follower's copy on its card in a thread of its own, so that a slow card does not hold the
/// stream up: once a minute at most, and where nothing is new not at all. Any thread.
class CopyKeeper {
 public:
  explicit CopyKeeper(Core& core);
  ~CopyKeeper() { stop(); }
  CopyKeeper(const CopyKeeper&) = delete;
  CopyKeeper& operator=(const CopyKeeper&) = delete;

  /// The leader told something new.
  void changed();
  /// Writes what is new, however soon after the last time, and ends. Once.
  void stop();

 private:
  void run();
  /// false: it failed, and is told in the log.
  [[nodiscard]] bool keep();

  Core& core_;
  std::mutex mutex_;
  std::condition_variable wake_;
  CopySchedule schedule_;  // guarded by mutex_
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;     // last: starts when all the rest is there
};

}  // namespace cluster_lab::registry

#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "registry/core.hpp"
#include "registry/session_timers.hpp"

namespace cluster_lab::registry {

/// Ends the sessions whose TTL passes, in a thread of its own while this node leads. Any thread
/// may renew; start() and stop() one at a time.
class SessionKeeper {
 public:
  explicit SessionKeeper(Core& core) : core_(core) {}
  ~SessionKeeper() { stop(); }
  SessionKeeper(const SessionKeeper&) = delete;
  SessionKeeper& operator=(const SessionKeeper&) = delete;

  /// This node leads: all TTLs begin anew.
  void start();
  /// Takes a moment only. Not running: nothing.
  void stop();
  void renew(const std::string& id);

 private:
  void run();
  /// Ends what is over; gives when to look again.
  [[nodiscard]] TimePoint endExpired();
  [[nodiscard]] bool stopping() const;

  Core& core_;
  mutable std::mutex mutex_;
  SessionTimers timers_;   // guarded by mutex_
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace cluster_lab::registry

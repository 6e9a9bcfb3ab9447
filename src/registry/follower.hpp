#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>

#include "http/client.hpp"
#include "registry/core.hpp"

namespace cluster_lab::registry {

/// Follows a leader's stream of change sets in a thread of its own from when it is made until it is
/// destroyed, which takes a moment only. Keeps trying while the leader cannot be reached.
class Follower {
 public:
  /// What it tells, on its thread.
  struct Events {
    std::function<void()> changed;  ///< the copy has, by what the leader told
    std::function<void()> gone;     ///< a connection to the leader that stood has ended
  };
  Follower(Core& core, const NodeId& self, Ipv4 leader, std::uint16_t port, Events events);
  ~Follower();
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

 private:
  void run();
  [[nodiscard]] Result<void> askOnce();
  [[nodiscard]] Result<void> takeIn(const http::Response& response);
  void tell(const Result<void>& result);
  [[nodiscard]] bool stopping() const;
  /// False: stop.
  [[nodiscard]] bool pause();

  Core& core_;
  const NodeId self_;
  const Events events_;
  http::Client client_;
  bool reached_ = false;  ///< thread's own: the last poll was answered
  bool told_ = false;     ///< thread's own: the failure is in the log
  bool whole_ = false;    ///< thread's own: the last answer did not fit, a snapshot is needed
  mutable std::mutex mutex_;
  std::condition_variable stopped_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;     // last: starts when all the rest is there
};

}  // namespace cluster_lab::registry

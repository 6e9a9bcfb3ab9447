#pragma once

#include <pthread.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

namespace cluster_lab::http {

class Connection;

/// Threads with small stacks that serve connections: as many as there is to do at once, up to a
/// limit; one that has nothing to do for a while ends. Any thread.
class Workers {
 public:
  using Work = std::function<void(Connection&)>;

  struct Limits {
    unsigned most = 0;                     ///< threads
    std::chrono::milliseconds idleTime{};  ///< a thread without work ends after that
  };

  /// `work` does not throw.
  Workers(const Limits& limits, Work work);
  /// Waits until all threads have ended.
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  /// Has the connection served as soon as a thread is free. false: there is no thread, and none
  /// can be made.
  [[nodiscard]] bool submit(Connection& connection);
  /// Does a connection wait because all threads are busy?
  [[nodiscard]] bool overloaded() const { return overloaded_; }

 private:
  static void* run(void* workers);
  void runOne();
  /// With the lock held. Does the system let us have another thread?
  [[nodiscard]] bool startThread();

  const Limits limits_;
  const Work work_;
  pthread_attr_t attributes_{};
  std::atomic<bool> overloaded_ = false;

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::condition_variable ended_;
  std::deque<Connection*> queue_;
  unsigned threads_ = 0;
  unsigned idle_ = 0;
  bool stopping_ = false;
};

}  // namespace cluster_lab::http

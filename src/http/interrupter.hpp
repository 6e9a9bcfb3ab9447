#pragma once

#include <mutex>

namespace cluster_lab::http {

/// A second descriptor of a client's socket, by which another thread can shut it down: httplib's
/// own stop() waits for a connection that is being made. Any thread.
class Interrupter {
 public:
  Interrupter() = default;
  ~Interrupter() { replace(-1); }
  Interrupter(const Interrupter&) = delete;
  Interrupter& operator=(const Interrupter&) = delete;

  /// From now on it is this socket, which stays the caller's.
  void watch(int socket);
  void interrupt();

 private:
  void replace(int socket);

  std::mutex mutex_;
  int socket_ = -1;  // guarded by mutex_
};

}  // namespace cluster_lab::http

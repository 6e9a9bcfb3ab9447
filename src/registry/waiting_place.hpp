#pragma once

#include <atomic>

namespace cluster_lab::registry {

/// A place among the requests that wait for something to happen, while it lives.
class WaitingPlace {
 public:
  // Each holds a thread and about 20 KiB; the server's other threads and the node's memory are for
  // those who want an answer now.
  static constexpr unsigned kMost = 1500;

  explicit WaitingPlace(std::atomic<unsigned>& taken) : taken_(taken), isFree_(++taken <= kMost) {}
  ~WaitingPlace() { --taken_; }
  WaitingPlace(const WaitingPlace&) = delete;
  WaitingPlace& operator=(const WaitingPlace&) = delete;
  [[nodiscard]] bool isFree() const { return isFree_; }

 private:
  std::atomic<unsigned>& taken_;
  bool isFree_;
};

}  // namespace cluster_lab::registry

#pragma once

#include <semaphore>

#include "http/message.hpp"

namespace cluster_lab::http {

/// Compresses answers where the client takes that and it is worth it. Any thread.
class Gzip {
 public:
  /// Also says that answers to this question differ by what the client takes.
  void encode(const Request& request, Response& response);

 private:
  /// One at work takes 256 KiB. Where more would work at once, as when one write wakes a thousand
  /// queries, the others' answers stay as they are.
  static constexpr int kAtOnce = 4;
  std::counting_semaphore<kAtOnce> freePlaces_{kAtOnce};
};

}  // namespace cluster_lab::http

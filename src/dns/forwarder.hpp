#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "dns/exchange.hpp"
#include "wire/bytes.hpp"

namespace cluster_lab::os {
class EventLoop;
}

namespace cluster_lab::dns {

enum class Transport : std::uint8_t { Udp, Tcp };

/// Asks other name servers in their order, from ports and under ids made by chance. The same
/// question is never asked twice at a time: who asks it again waits for the same answer. So name
/// servers that ask each other in a circle end after one round, and nobody can make this node send
/// many alike questions to guess the answer of one. Loop thread only.
class Forwarder {
 public:
  /// The answer, under any id; nullopt: nobody gave one.
  using Done = std::function<void(const std::optional<wire::Bytes>& answer)>;

  /// `patience`: with each server.
  Forwarder(os::EventLoop& loop, std::vector<Recursor> recursors,
            std::chrono::milliseconds patience);
  ~Forwarder();
  Forwarder(const Forwarder&) = delete;
  Forwarder& operator=(const Forwarder&) = delete;

  /// Asks `query`, which has a header and one question. `done` is called later, or at once where
  /// too much is asked already; never after this is destroyed.
  void ask(const wire::Bytes& query, Transport transport, Done done);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace cluster_lab::dns

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/error.hpp"
#include "dns/answer.hpp"
#include "dns/exchange.hpp"

namespace cluster_lab::dns {

struct ServerOptions {
  std::uint16_t port = 8600;  ///< 0: any free one
  Zone zone;                  ///< its `recursion` is set by the server
  std::vector<Recursor> recursors;
  std::chrono::milliseconds idleTimeout{10000};     ///< of a TCP connection
  std::chrono::milliseconds recursorTimeout{2000};  ///< with each, as Consul's
};

/// The DNS server of a node, on all of its addresses, by UDP and TCP. One thread of its own; names
/// outside the cluster are forwarded for this machine and the cluster's subnet only.
class Server {
 public:
  /// Calls `use` with the registry's state under its lock; called on the server's thread.
  using Read = std::function<void(const std::function<void(const registry::State&)>& use)>;

  /// Conflict: the port is taken, and by whom where that can be told.
  [[nodiscard]] static Result<std::unique_ptr<Server>> start(ServerOptions options, Read read);
  virtual ~Server() = default;
  [[nodiscard]] virtual std::uint16_t port() const = 0;
};

}  // namespace cluster_lab::dns

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "http/message.hpp"

namespace cluster_lab::http {

/// Answers one request. Called on the connection's own thread, many at a time; it may block (a
/// blocking query does).
using Handler = std::function<Response(const Request&)>;

struct ServerOptions {
  std::string address = "0.0.0.0";  ///< need not exist on this machine yet (IP_FREEBIND)
  std::uint16_t port = 0;           ///< 0: any free one
  std::size_t maxBody = std::size_t{1} << 20U;
  unsigned maxConnections = 512;                    ///< further ones are closed at once
  std::chrono::milliseconds idleTimeout{60000};     ///< of a kept-alive connection
  std::chrono::milliseconds requestTimeout{60000};  ///< from its first byte to its last
};

/// An HTTP/1.1 server on cpp-httplib: one thread with a small stack per connection. Listening from
/// start() until it is destroyed, which closes idle connections at once and waits for running
/// handlers (tell blocking ones to end first; Request::abandoned() turns true, too).
class Server {
 public:
  /// Conflict: the port is taken, and by whom where that can be told.
  [[nodiscard]] static Result<std::unique_ptr<Server>> start(const ServerOptions& options,
                                                             Handler handler);
  virtual ~Server() = default;
  [[nodiscard]] virtual std::uint16_t port() const = 0;
};

}  // namespace cluster_lab::http

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "base/ipv4.hpp"
#include "http/message.hpp"

namespace cluster_lab::http {

/// Answers one request. Called on a thread that serves that connection alone meanwhile, many at a
/// time; it may block (a blocking query does).
using Handler = std::function<Response(const Request&)>;

/// What no client gets more of, so that none can starve the others.
struct ServerOptions {
  std::string address = "0.0.0.0";  ///< need not exist on this machine yet (IP_FREEBIND)
  std::uint16_t port = 0;           ///< 0: any free one
  std::size_t maxBody = std::size_t{1} << 20U;
  std::map<std::string, std::size_t, std::less<>> maxBodyOf{};  ///< by path, where it is another
  /// Of large bodies that are being read or served, all together; one more is answered 503.
  std::size_t maxBodies = std::size_t{16} << 20U;
  unsigned maxConnections = 4096;  ///< for a further one the one that is idle longest is closed
  unsigned maxPerClient = 200;     ///< connections from one address; further ones are answered 429
  unsigned maxThreads = 2048;      ///< requests served at once; further ones wait
  std::chrono::milliseconds threadIdleTime{5000};  ///< a thread is kept so long for the next rush
  /// Of a connection between requests. Above the 90 s of Go's clients, so that it is they who
  /// close: a request sent while the server closes would be lost.
  std::chrono::milliseconds idleTimeout{120000};
  std::chrono::milliseconds headTimeout{
      10000};  ///< from a request's first byte to its headers' end
  std::chrono::milliseconds requestTimeout{60000};  ///< from its first byte to its last
};

/// An HTTP/1.1 server on cpp-httplib. A connection costs a thread only while a request of it is
/// served. Listening from start() until it is destroyed, which closes idle connections at once and
/// waits for running handlers (tell blocking ones to end first; Request::abandoned() turns true,
/// too).
class Server {
 public:
  /// Conflict: the port is taken, and by whom where that can be told.
  [[nodiscard]] static Result<std::unique_ptr<Server>> start(const ServerOptions& options,
                                                             Handler handler);
  virtual ~Server() = default;
  [[nodiscard]] virtual std::uint16_t port() const = 0;
  /// Takes no more connections, and ends those that were made to that address of this machine,
  /// whatever is under way: it is about to go, and their clients would hear nothing any more. Those
  /// that nobody has accepted yet are reset. Connections to other addresses go on.
  virtual void withdraw(Ipv4 local) = 0;
};

}  // namespace cluster_lab::http

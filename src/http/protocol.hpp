#pragma once

#include <optional>
#include <string>

#include "base/time.hpp"
#include "http/server.hpp"

namespace cluster_lab::http {

class Connection;
struct RequestHead;

/// Speaks HTTP/1.1 on connections; a handler decides the answers. Any number of threads.
class Protocol {
 public:
  Protocol(const ServerOptions& options, Handler handler);

  /// Serves the request that has begun to come. true: the connection is good for another.
  [[nodiscard]] bool serveOne(Connection& connection) const;

 private:
  [[nodiscard]] bool serve(Connection& connection, RequestHead head, TimePoint deadline) const;
  [[nodiscard]] std::optional<Response> readBody(Connection& connection, const RequestHead& head,
                                                 std::string& body, TimePoint deadline) const;
  [[nodiscard]] Response answerTo(const Request& request) const;

  ServerOptions options_;
  Handler handler_;
};

}  // namespace cluster_lab::http

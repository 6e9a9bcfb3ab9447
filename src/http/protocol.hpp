#pragma once

#include <memory>

#include "http/server.hpp"

namespace cluster_lab::http {

class Connection;

/// Speaks HTTP/1.1 on connections: cpp-httplib reads requests and writes answers, a handler decides
/// them. Any number of threads.
class Protocol {
 public:
  Protocol(const ServerOptions& options, Handler handler);
  ~Protocol();
  Protocol(const Protocol&) = delete;
  Protocol& operator=(const Protocol&) = delete;

  /// Serves one request. true: the connection is good for another.
  [[nodiscard]] bool serveOne(Connection& connection) const;

 private:
  class Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace cluster_lab::http

#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace cluster_lab::http {

/// A plain TCP connection to a server on the loopback, for what no proper client would send.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  /// false: the server has closed.
  bool send(std::string_view bytes);
  void endSending();
  /// Reads until `end` has come, the stream ends, or 5 s pass; gives all read since the last call.
  std::string readUntil(std::string_view end);
  /// Reads to the end of the stream, 5 s at most.
  std::string readAll() { return readUntil(std::string_view("\0never", 6)); }
  /// Did the server close within that time?
  bool closedWithin(std::chrono::milliseconds time);

 private:
  int socket_;
};

}  // namespace cluster_lab::http

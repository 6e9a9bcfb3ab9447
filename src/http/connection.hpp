#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <string>

#include "base/ipv4.hpp"
#include "base/time.hpp"

namespace cluster_lab::http {

/// One accepted connection: a buffered byte stream with deadlines. Owned and used by its own
/// thread; another may shut the socket down, which ends every wait here.
class Connection {
 public:
  /// Takes the socket over and closes it in the end.
  explicit Connection(int socket);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Waits for the next request's first byte. false: the client is gone, or silent that long.
  [[nodiscard]] bool awaitRequest(std::chrono::milliseconds idleTimeout);
  /// Reads fail after that.
  void setReadDeadline(TimePoint deadline) { readDeadline_ = deadline; }
  /// At least one byte; 0: end of stream; -1: broken, or too late. Sends first what was written.
  [[nodiscard]] std::ptrdiff_t read(char* to, std::size_t size);
  /// Buffers. false: the client does not take it.
  [[nodiscard]] bool write(const char* from, std::size_t size);
  [[nodiscard]] bool flush();
  /// Ends our side and takes in what the client still sends, for a moment: closing at once would
  /// make the kernel answer with a reset, and the client lose our last answer.
  void linger();
  /// Has the client closed its end?
  [[nodiscard]] bool hungUp() const;

  [[nodiscard]] Ipv4 peer() const { return peer_; }
  [[nodiscard]] Ipv4 local() const { return local_; }

 private:
  [[nodiscard]] bool fill(TimePoint deadline);
  [[nodiscard]] bool send(const char* from, std::size_t size);

  int socket_;
  Ipv4 peer_;
  Ipv4 local_;
  TimePoint readDeadline_ = TimePoint::max();
  std::array<char, 4096> input_{};
  std::size_t inputBegin_ = 0;
  std::size_t inputEnd_ = 0;
  std::string output_;
};

}  // namespace cluster_lab::http

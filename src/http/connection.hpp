#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/ipv4.hpp"
#include "base/time.hpp"

namespace cluster_lab::http {

/// What a wait for bytes gave.
enum class Input { Data, End, TimedOut, Broken };

/// One connected socket, of the server or of the client: buffered bytes with deadlines. One thread;
/// another may shut the socket down, which ends every wait here.
class Connection {
 public:
  /// Takes the socket over and closes it in the end.
  explicit Connection(int socket);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// What has come and was not consumed.
  [[nodiscard]] std::string_view input() const;
  void consume(std::size_t count) { inputBegin_ += count; }
  /// Sends what was written, then waits for more input where there is none.
  [[nodiscard]] Input await(TimePoint deadline);
  /// Reads up to the empty line that ends a head (included) into `head`.
  [[nodiscard]] Input readHead(std::string& head, std::size_t maxSize, TimePoint deadline);

  /// Buffers. false: the other side does not take it.
  [[nodiscard]] bool write(std::string_view bytes);
  [[nodiscard]] bool flush();
  /// Ends our side and takes in what the other still sends, for a moment: closing at once would
  /// make the kernel answer with a reset, and the other lose our last words.
  void linger();
  /// Has the other side closed its end?
  [[nodiscard]] bool hungUp() const;

  [[nodiscard]] Ipv4 peer() const { return peer_; }
  [[nodiscard]] Ipv4 local() const { return local_; }

 private:
  [[nodiscard]] Input fill(TimePoint deadline);
  [[nodiscard]] bool send(std::string_view bytes);

  int socket_;
  Ipv4 peer_;
  Ipv4 local_;
  std::array<char, 4096> input_{};
  std::size_t inputBegin_ = 0;
  std::size_t inputEnd_ = 0;
  std::string output_;
};

}  // namespace cluster_lab::http

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/time.hpp"
#include "http/socket_name.hpp"

namespace cluster_lab::http {

/// One accepted connection: a buffered byte stream with deadlines. Used by one thread at a time;
/// another may shut the socket down, which ends every wait here. Has buffers only while a request
/// is read or an answer written.
class Connection {
 public:
  enum class Arrival : std::uint8_t {
    Request,  ///< its first bytes are here
    Nothing,  ///< not within the grace
    End,      ///< the client has closed, or is gone
  };

  /// Takes the socket over and closes it in the end.
  explicit Connection(int socket);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Waits a short grace for the next request.
  [[nodiscard]] Arrival awaitRequest();
  /// Reads fail after that.
  void setReadDeadline(TimePoint deadline) { readDeadline_ = deadline; }
  /// At least one byte; 0: end of stream; -1: broken, or too late. Sends first what was written.
  [[nodiscard]] std::ptrdiff_t read(char* to, std::size_t size);
  /// Did the last read fail for its deadline?
  [[nodiscard]] bool late() const { return late_; }
  /// Buffers. false: the client does not take it.
  [[nodiscard]] bool write(const char* from, std::size_t size);
  [[nodiscard]] bool flush();
  /// Gives the input buffer back if it is empty: before a handler waits, which may take minutes.
  void rest();
  /// Sends what is buffered and ends our side. Closing at once would make the kernel answer what
  /// the client still sends with a reset, and the client lose our last answer.
  void endSending();
  /// Throws away some of what the client has sent. true: it has closed its end, too.
  [[nodiscard]] bool drain();
  /// Has the client closed its end?
  [[nodiscard]] bool hungUp() const;
  /// Makes every wait here end: `SHUT_RD` lets an answer leave, `SHUT_RDWR` nothing.
  void shutDown(int how);

  /// Has the client sent more than was read?
  [[nodiscard]] bool hasInput() const { return inputBegin_ < inputEnd_; }
  [[nodiscard]] int socket() const { return socket_; }
  [[nodiscard]] const SocketName& peer() const { return peer_; }
  [[nodiscard]] Ipv4 local() const { return local_; }

 private:
  [[nodiscard]] bool fill(TimePoint deadline);
  [[nodiscard]] std::ptrdiff_t receive(int flags);
  [[nodiscard]] bool send(const char* from, std::size_t size);

  int socket_;
  SocketName peer_;
  Ipv4 local_;
  TimePoint readDeadline_ = TimePoint::max();
  bool late_ = false;
  std::unique_ptr<char[]> input_;
  std::size_t inputBegin_ = 0;
  std::size_t inputEnd_ = 0;
  std::string output_;
};

}  // namespace cluster_lab::http

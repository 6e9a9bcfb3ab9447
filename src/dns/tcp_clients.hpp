#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>

#include "dns/frames.hpp"
#include "os/event_loop.hpp"
#include "os/file_descriptor.hpp"
#include "os/tcp_socket.hpp"
#include "wire/bytes.hpp"

namespace cluster_lab::dns {

/// The connections of clients that ask by TCP (RFC 7766). One question at a time is answered on
/// each; a connection ends when it asks nothing, or only part of a question, for `idle`, when it
/// asks too much, or does not read. Loop thread only.
class TcpClients {
 public:
  using Send = std::function<void(const wire::Bytes& answer)>;
  /// Answers a query, at once or later.
  using Handler =
      std::function<void(wire::ByteView query, const sockaddr_storage& peer, Send send)>;

  TcpClients(os::EventLoop& loop, os::FileDescriptor listening, std::chrono::milliseconds idle,
             Handler handler);

  /// Begins to accept.
  [[nodiscard]] Result<void> start();

 private:
  using Id = std::uint64_t;

  struct Client {
    os::TcpSocket socket;
    Frames frames;
    bool isAnswering = false;
    os::EventHandle watch;
    std::unique_ptr<os::Timer> idle;
  };

  void accept();
  void add(os::TcpSocket socket);
  void read(Id id);
  void answerNext(Id id);
  void send(Id id, const wire::Bytes& answer);
  [[nodiscard]] std::size_t countFrom(const sockaddr_storage& peer) const;

  os::EventLoop& loop_;
  os::FileDescriptor listening_;
  std::chrono::milliseconds idle_;
  Handler handler_;
  os::EventHandle watch_;
  Id nextId_ = 0;
  std::map<Id, Client> clients_;
};

}  // namespace cluster_lab::dns

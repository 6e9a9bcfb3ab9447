#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/error.hpp"
#include "base/ipv4.hpp"
#include "os/file_descriptor.hpp"
#include "wire/bytes.hpp"

namespace cluster_lab::os {

/// A TCP connection that never blocks.
class TcpSocket {
 public:
  /// Begins to connect: it has, or has failed, when the socket takes something to write.
  [[nodiscard]] static Result<TcpSocket> connect(Ipv4 server, std::uint16_t port);
  /// The next connection of a listening socket. nullopt: none waits.
  [[nodiscard]] static std::optional<TcpSocket> accept(int listening);

  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] const sockaddr_storage& peer() const { return peer_; }
  /// What has come, in `buffer`; empty: nothing yet. Unavailable: the other end has closed it.
  [[nodiscard]] Result<wire::ByteView> receive(std::span<std::uint8_t> buffer) const;
  /// All of it. Exhausted: the other end reads too slowly, a part may have been sent.
  [[nodiscard]] Result<void> send(wire::ByteView payload) const;

 private:
  explicit TcpSocket(FileDescriptor fd) : fd_(std::move(fd)) {}
  FileDescriptor fd_;
  sockaddr_storage peer_{};
};

}  // namespace cluster_lab::os

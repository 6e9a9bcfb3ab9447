#pragma once

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/error.hpp"
#include "base/ipv4.hpp"
#include "os/file_descriptor.hpp"
#include "wire/bytes.hpp"

namespace cluster_lab::os {

/// The IPv4 address in a socket's address, also in one of IPv6 that stands for it. nullopt: it is
/// another.
[[nodiscard]] std::optional<Ipv4> ipv4Of(const sockaddr_storage& address);
/// Of this machine's loopback?
[[nodiscard]] bool isLoopback(const sockaddr_storage& address);

/// The same address, whatever the ports?
[[nodiscard]] bool isSameHost(const sockaddr_storage& one, const sockaddr_storage& other);

/// A UDP socket that never blocks: one that listens on all addresses, or one towards one server.
class UdpSocket {
 public:
  /// Who sent a datagram, and to which of our addresses: the answer must come from that one.
  struct Peer {
    sockaddr_storage address{};
    socklen_t addressSize = 0;
    alignas(cmsghdr) std::array<std::byte, 64> control{};
    std::size_t controlSize = 0;
  };

  /// By IPv6 and IPv4, or by IPv4 alone where the kernel has no IPv6. Port 0: any free one.
  /// Conflict: the port is taken.
  [[nodiscard]] static Result<UdpSocket> listen(std::uint16_t port);
  /// From a port that the kernel chooses by chance; only that server's datagrams are received.
  [[nodiscard]] static Result<UdpSocket> connect(Ipv4 server, std::uint16_t port);

  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] std::uint16_t port() const;
  /// The next datagram, in `buffer`. nullopt: none waits, or one that is longer than the buffer was
  /// dropped. Unavailable: the server's machine says that nobody listens there.
  [[nodiscard]] Result<std::optional<wire::ByteView>> receive(std::span<std::uint8_t> buffer,
                                                              Peer& from) const;
  [[nodiscard]] Result<void> sendTo(const Peer& to, wire::ByteView payload) const;
  [[nodiscard]] Result<void> send(wire::ByteView payload) const;

 private:
  explicit UdpSocket(FileDescriptor fd) : fd_(std::move(fd)) {}
  FileDescriptor fd_;
};

}  // namespace cluster_lab::os

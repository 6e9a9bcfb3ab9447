#pragma once

#include <cstdint>

#include "base/ipv4.hpp"

namespace cluster_lab::http {

/// One end of a TCP connection.
struct SocketName {
  Ipv4 address;  ///< also of a mapped one (RFC 4291 section 2.5.5.2); none where it is not IPv4
  /// Whose connections are counted together: an IPv4 address, or an IPv6 network of 64 bits, since
  /// a host has a whole one to choose from (RFC 4291 section 2.5.4).
  std::uint64_t client = 0;
};

[[nodiscard]] SocketName peerOf(int socket);
[[nodiscard]] SocketName localOf(int socket);

}  // namespace cluster_lab::http

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "base/error.hpp"
#include "base/mac_address.hpp"
#include "wire/bytes.hpp"

namespace cluster_lab::os {

class EventLoop;

/// Sends and receives whole Ethernet payloads of one EtherType on one interface (packet(7)),
/// filtered in the kernel. Loop thread only. Needs CAP_NET_RAW: PermissionDenied with a remedy.
class PacketSocket {
 public:
  using Received = std::function<void(MacAddress source, wire::ByteView payload)>;

  /// `linkIndex`: the interface; frames that this machine sent itself are not delivered.
  [[nodiscard]] static Result<std::unique_ptr<PacketSocket>> open(EventLoop& loop, int linkIndex,
                                                                  std::uint16_t etherType,
                                                                  Received received);
  virtual ~PacketSocket() = default;
  /// Does not wait. Unavailable: the link is down or gone.
  [[nodiscard]] virtual Result<void> send(MacAddress destination, wire::ByteView payload) = 0;
};

/// Sends and receives small datagrams of an IPv6 link-local multicast group on one interface. Loop
/// thread only.
class MulticastSocket {
 public:
  using Received = std::function<void(wire::ByteView payload)>;

  /// Unsupported: IPv6 is off on this interface (with the remedy). Own datagrams are not delivered.
  [[nodiscard]] static Result<std::unique_ptr<MulticastSocket>> open(EventLoop& loop, int linkIndex,
                                                                     std::string_view group,
                                                                     std::uint16_t port,
                                                                     Received received);
  virtual ~MulticastSocket() = default;
  /// Does not wait. Unavailable: the link is down, or its link-local address is still tentative
  /// (RFC 4862 section 5.4); try again later.
  [[nodiscard]] virtual Result<void> send(wire::ByteView payload) = 0;
};

}  // namespace cluster_lab::os

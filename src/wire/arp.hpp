#pragma once

#include <cstdint>

#include "base/error.hpp"
#include "base/ipv4.hpp"
#include "base/mac_address.hpp"
#include "wire/bytes.hpp"

namespace cluster_lab::wire {

/// EtherType of ARP (RFC 826).
inline constexpr std::uint16_t kArpEtherType = 0x0806;

/// An ARP packet for IPv4 over Ethernet (RFC 826), without its Ethernet header.
struct Arp {
  enum class Operation : std::uint16_t { Request = 1, Reply = 2 };

  Operation operation = Operation::Request;
  MacAddress senderMac;
  Ipv4 senderIp;  ///< 0.0.0.0 in a probe (RFC 5227 section 1.1)
  MacAddress targetMac;
  Ipv4 targetIp;

  /// Asks who has `address` without claiming anything (RFC 5227 section 2.1.1).
  [[nodiscard]] static Arp probe(MacAddress self, Ipv4 address);
  /// Tells everybody that `self` has `address` (RFC 5227 section 2.3).
  [[nodiscard]] static Arp announcement(MacAddress self, Ipv4 address);

  [[nodiscard]] bool isProbe() const {
    return operation == Operation::Request && senderIp.isNone() && !targetIp.isNone();
  }
  /// The sender says that it has `address`: a reply, a request or an announcement from it.
  [[nodiscard]] bool claims(Ipv4 address) const { return senderIp == address && !address.isNone(); }

  auto operator<=>(const Arp&) const = default;
};

/// The 28 bytes of RFC 826.
[[nodiscard]] Bytes encode(const Arp& packet);
/// InvalidArgument: shorter than 28 bytes, not IPv4 over Ethernet, or an unknown operation. Padding
/// after the packet is ignored.
[[nodiscard]] Result<Arp> decodeArp(ByteView bytes);

}  // namespace cluster_lab::wire

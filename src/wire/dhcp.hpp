#pragma once

#include <cstdint>
#include <string>

#include "base/error.hpp"
#include "base/ipv4.hpp"
#include "base/mac_address.hpp"
#include "wire/bytes.hpp"

namespace cluster_lab::wire {

/// A DHCP message (RFC 2131, options of RFC 2132) as far as a client without options of its own
/// needs it. A value that is none, empty or 0 is left out, or was not there.
struct DhcpMessage {
  enum class Type : std::uint8_t { Discover = 1, Offer = 2, Request = 3, Ack = 5, Nak = 6 };

  Type type = Type::Discover;
  std::uint32_t transaction = 0;
  MacAddress client;
  Ipv4 given;                      ///< yiaddr; of an offer and an acknowledgement
  Ipv4 wanted;                     ///< option 50
  Ipv4 server;                     ///< option 54
  int prefixLength = 0;            ///< option 1
  std::uint32_t leaseSeconds = 0;  ///< option 51
  std::string hostName;            ///< option 12
  std::string vendorClass;         ///< option 60

  bool operator==(const DhcpMessage&) const = default;
};

/// A client's broadcast as a whole IPv4 packet. The client id is the MAC.
[[nodiscard]] Bytes encodeFromClient(const DhcpMessage& message);
/// A server's answer out of a whole IPv4 packet. InvalidArgument: it is anything else.
[[nodiscard]] Result<DhcpMessage> decodeFromServer(ByteView packet);

}  // namespace cluster_lab::wire

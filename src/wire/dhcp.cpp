#include "wire/dhcp.hpp"

#include <algorithm>
#include <bit>

namespace cluster_lab::wire {
namespace {

constexpr std::uint8_t kProtocolUdp = 17;
constexpr std::size_t kIpHeader = 20;  // RFC 791, without options
constexpr std::size_t kUdpHeader = 8;  // RFC 768
constexpr std::uint16_t kServerPort = 67, kClientPort = 68;
constexpr std::uint8_t kBootRequest = 1, kBootReply = 2;  // RFC 2131 section 2, op
constexpr std::uint8_t kEthernet = 1, kMacLength = 6;     // htype, hlen
constexpr std::size_t kNamesAndFile = 64 + 128;           // sname, file
constexpr std::uint32_t kCookie = 0x63825363;             // RFC 2131 section 3
constexpr std::size_t kLeastMessage = 300;                // RFC 1542 section 2.1

enum Option : std::uint8_t {  // RFC 2132
  kPad = 0,
  kMask = 1,
  kHostName = 12,
  kWanted = 50,
  kLeaseTime = 51,
  kType = 53,
  kServer = 54,
  kAskedFor = 55,
  kVendorClass = 60,
  kClientId = 61,
  kEnd = 255,
};

void writeAddress(Writer& writer, Option option, Ipv4 address) {
  if (address.isNone()) return;
  writer.number(option, 1);
  writer.number(4, 1);
  writer.number(address.hostOrder(), 4);
}

void writeText(Writer& writer, Option option, const std::string& text) {
  if (text.empty() || text.size() > 255) return;
  writer.number(option, 1);
  writer.number(text.size(), 1);
  writer.text(text);
}

void writeOptions(Writer& writer, const DhcpMessage& message) {
  writer.number(kType, 1);
  writer.number(1, 1);
  writer.number(static_cast<std::uint8_t>(message.type), 1);
  writer.number(kClientId, 1);
  writer.number(1 + kMacLength, 1);
  writer.number(kEthernet, 1);
  writer.raw(message.client.bytes);
  writeAddress(writer, kWanted, message.wanted);
  writeAddress(writer, kServer, message.server);
  writeText(writer, kHostName, message.hostName);
  writeText(writer, kVendorClass, message.vendorClass);
  writer.number(kAskedFor, 1);
  writer.number(1, 1);
  writer.number(kMask, 1);
  writer.number(kEnd, 1);
}

/// The BOOTP part with its options.
Bytes message(const DhcpMessage& message) {
  Writer writer;
  writer.number(kBootRequest, 1);
  writer.number(kEthernet, 1);
  writer.number(kMacLength, 1);
  writer.number(0, 1);  // hops
  writer.number(message.transaction, 4);
  writer.number(0, 4);                     // secs, flags
  writer.raw(Bytes(4 * sizeof(Ipv4), 0));  // ciaddr, yiaddr, siaddr, giaddr
  writer.raw(message.client.bytes);
  writer.raw(Bytes(16 - kMacLength + kNamesAndFile, 0));
  writer.number(kCookie, 4);
  writeOptions(writer, message);
  auto bytes = std::move(writer).finish();
  bytes.resize(std::max(bytes.size(), kLeastMessage), kPad);
  return bytes;
}

/// From 0.0.0.0 to 255.255.255.255.
Bytes ipHeader(std::size_t packetSize, std::uint16_t checksum) {
  Writer writer;
  writer.number(0x4500, 2);  // version 4, five words, no service type
  writer.number(packetSize, 2);
  writer.number(0, 4);   // identification, no fragment
  writer.number(64, 1);  // time to live
  writer.number(kProtocolUdp, 1);
  writer.number(checksum, 2);
  writer.number(0, 4);
  writer.number(0xFFFFFFFF, 4);
  return std::move(writer).finish();
}

/// RFC 1071.
std::uint16_t checksumOf(ByteView bytes) {
  Reader reader(bytes);
  std::uint32_t sum = 0;
  while (!reader.rest().empty()) sum += reader.u16();
  while (sum > 0xFFFF) sum = (sum & 0xFFFFU) + (sum >> 16U);
  return static_cast<std::uint16_t>(~sum);
}

std::unexpected<Error> notDhcp(const char* why) {
  return fail(ErrorCode::InvalidArgument, std::string("not a DHCP server's answer: ") + why);
}

/// What the UDP datagram from a server to a client carries.
Result<ByteView> payloadOf(ByteView packet) {
  Reader ip(packet);
  const auto first = ip.u8();
  (void)ip.u8();  // service type
  const std::size_t size = ip.u16();
  (void)ip.u16();  // identification
  const auto fragment = ip.u16();
  (void)ip.u8();  // time to live
  const auto protocol = ip.u8();
  const auto headerSize = std::size_t{4} * (first & 0x0FU);
  if (!ip.ok() || first >> 4U != 4 || headerSize < kIpHeader || size < headerSize ||
      size > packet.size()) {
    return notDhcp("no whole IPv4 packet");
  }
  constexpr std::uint16_t kDontFragment = 0x4000;
  if (protocol != kProtocolUdp || (fragment & ~kDontFragment) != 0) return notDhcp("no UDP");

  Reader udp(packet.first(size).subspan(headerSize));
  const auto from = udp.u16();
  const auto to = udp.u16();
  const std::size_t length = udp.u16();
  (void)udp.u16();  // checksum: the kernel's offload may not have filled it in
  if (!udp.ok() || from != kServerPort || to != kClientPort) return notDhcp("other ports");
  const auto payload = length < kUdpHeader ? ByteView() : udp.take(length - kUdpHeader);
  if (payload.empty()) return notDhcp("UDP length is wrong");
  return payload;
}

Result<DhcpMessage::Type> typeOf(std::uint8_t number) {
  for (const auto type :
       {DhcpMessage::Type::Offer, DhcpMessage::Type::Ack, DhcpMessage::Type::Nak}) {
    if (number == static_cast<std::uint8_t>(type)) return type;
  }
  return notDhcp("of another type");
}

Result<DhcpMessage> readOptions(Reader& reader, DhcpMessage message) {
  std::uint8_t type = 0;
  while (reader.ok() && !reader.rest().empty()) {
    const auto option = reader.u8();
    if (option == kPad) continue;
    if (option == kEnd) break;
    Reader value(reader.take(reader.u8()));
    if (option == kType) type = value.u8();
    if (option == kMask) message.prefixLength = std::popcount(value.u32());
    if (option == kLeaseTime) message.leaseSeconds = value.u32();
    if (option == kServer) message.server = Ipv4(value.u32());
    if (!value.ok()) return notDhcp("an option is cut short");
  }
  if (!reader.ok()) return notDhcp("the options are cut short");
  const auto known = typeOf(type);
  if (!known) return fail(known.error());
  message.type = *known;
  return message;
}

}  // namespace

Bytes encodeFromClient(const DhcpMessage& wanted) {
  const auto payload = message(wanted);
  const auto udpSize = kUdpHeader + payload.size();
  const auto packetSize = kIpHeader + udpSize;
  Writer writer;
  writer.raw(ipHeader(packetSize, checksumOf(ipHeader(packetSize, 0))));
  writer.number(kClientPort, 2);
  writer.number(kServerPort, 2);
  writer.number(udpSize, 2);
  writer.number(0, 2);  // no checksum
  writer.raw(payload);
  return std::move(writer).finish();
}

Result<DhcpMessage> decodeFromServer(ByteView packet) {
  const auto payload = payloadOf(packet);
  if (!payload) return fail(payload.error());
  Reader reader(*payload);
  const auto operation = reader.u8();
  const auto hardware = reader.u8();
  const auto macLength = reader.u8();
  (void)reader.u8();  // hops
  DhcpMessage message;
  message.transaction = reader.u32();
  (void)reader.u32();  // secs, flags
  (void)reader.u32();  // ciaddr
  message.given = Ipv4(reader.u32());
  (void)reader.u64();  // siaddr, giaddr
  std::ranges::copy(reader.take(kMacLength), message.client.bytes.begin());
  (void)reader.take(16 - kMacLength + kNamesAndFile);
  const auto cookie = reader.u32();
  if (!reader.ok() || operation != kBootReply || hardware != kEthernet || macLength != kMacLength ||
      cookie != kCookie) {
    return notDhcp("no BOOTP reply over Ethernet");
  }
  return readOptions(reader, message);
}

}  // namespace cluster_lab::wire

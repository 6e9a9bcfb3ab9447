#include "wire/arp.hpp"

#include <algorithm>

namespace cluster_lab::wire {
namespace {

constexpr std::uint16_t kHardwareEthernet = 1;   // RFC 826, ar$hrd
constexpr std::uint16_t kProtocolIpv4 = 0x0800;  // RFC 826, ar$pro
constexpr std::uint8_t kMacLength = 6;
constexpr std::uint8_t kIpv4Length = 4;

MacAddress readMac(Reader& reader) {
  MacAddress mac;
  std::ranges::copy(reader.take(mac.bytes.size()), mac.bytes.begin());
  return mac;
}

}  // namespace

Arp Arp::probe(MacAddress self, Ipv4 address) {
  return {Operation::Request, self, Ipv4{}, MacAddress{}, address};
}

Arp Arp::announcement(MacAddress self, Ipv4 address) {
  return {Operation::Request, self, address, MacAddress{}, address};
}

Bytes encode(const Arp& packet) {
  Writer writer;
  writer.number(kHardwareEthernet, 2);
  writer.number(kProtocolIpv4, 2);
  writer.number(kMacLength, 1);
  writer.number(kIpv4Length, 1);
  writer.number(static_cast<std::uint16_t>(packet.operation), 2);
  writer.raw(packet.senderMac.bytes);
  writer.number(packet.senderIp.hostOrder(), 4);
  writer.raw(packet.targetMac.bytes);
  writer.number(packet.targetIp.hostOrder(), 4);
  return std::move(writer).finish();
}

Result<Arp> decodeArp(ByteView bytes) {
  Reader reader(bytes);
  const auto hardware = reader.u16();
  const auto protocol = reader.u16();
  const auto macLength = reader.u8();
  const auto ipLength = reader.u8();
  const auto operation = reader.u16();
  Arp packet;
  packet.senderMac = readMac(reader);
  packet.senderIp = Ipv4(reader.u32());
  packet.targetMac = readMac(reader);
  packet.targetIp = Ipv4(reader.u32());
  if (!reader.ok()) return fail(ErrorCode::InvalidArgument, "ARP packet cut short");
  if (hardware != kHardwareEthernet || protocol != kProtocolIpv4 || macLength != kMacLength ||
      ipLength != kIpv4Length) {
    return fail(ErrorCode::InvalidArgument, "ARP packet is not IPv4 over Ethernet");
  }
  if (operation != 1 && operation != 2) {
    return fail(ErrorCode::InvalidArgument,
                "ARP operation " + std::to_string(operation) + " is unknown");
  }
  packet.operation = static_cast<Arp::Operation>(operation);
  return packet;
}

}  // namespace cluster_lab::wire

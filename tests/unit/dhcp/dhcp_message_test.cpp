#include <doctest/doctest.h>

#include <algorithm>

#include "wire/dhcp.hpp"

using namespace cluster_lab;
using namespace cluster_lab::wire;

namespace {

DhcpMessage discover() {
  DhcpMessage message;
  message.transaction = 0x12345678;
  message.client = {{0xb8, 0x27, 0xeb, 0, 0, 1}};
  message.wanted = Ipv4(0xC0A8C865);
  message.hostName = "pi-1";
  message.vendorClass = "cluster-lab";
  return message;
}

/// What a server would answer: the client's packet turned round, with `options` as bytes.
Bytes answer(Bytes options) {
  auto packet = encodeFromClient(discover());
  packet.resize(20 + 8 + 240);
  packet.insert(packet.end(), options.begin(), options.end());
  const auto put = [&](std::size_t at, std::size_t value) {
    packet[at] = static_cast<std::uint8_t>(value >> 8U);
    packet[at + 1] = static_cast<std::uint8_t>(value);
  };
  put(2, packet.size());
  put(20, 67);
  put(22, 68);
  put(24, packet.size() - 20);
  packet[28] = 2;
  const Bytes given{192, 168, 200, 101};
  std::ranges::copy(given, packet.begin() + 28 + 16);
  return packet;
}

const Bytes kOffer{53,  1,   2,   0, 54, 4, 192, 168, 200, 1,  1,  4,
                   255, 255, 255, 0, 51, 4, 0,   0,   14,  16, 255};

}  // namespace

TEST_CASE("dhcp message: a client's packet is what RFC 791, 768 and 2131 say") {
  const auto packet = encodeFromClient(discover());
  CHECK(packet.size() == 20 + 8 + 300);
  CHECK(packet[0] == 0x45);
  CHECK(packet[9] == 17);
  std::uint32_t sum = 0;  // RFC 1071: over header and checksum it is all ones
  for (std::size_t at = 0; at < 20; at += 2) sum += packet[at] * 256U + packet[at + 1];
  CHECK((sum & 0xFFFFU) + (sum >> 16U) == 0xFFFF);
  CHECK(packet[21] == 68);
  CHECK(packet[23] == 67);
  CHECK(packet[28] == 1);
  CHECK(packet[28 + 236] == 0x63);
  const Bytes options(packet.begin() + 28 + 240, packet.end());
  const Bytes start{53, 1, 1, 61, 7, 1, 0xb8, 0x27, 0xeb, 0, 0, 1, 50, 4, 192, 168, 200, 101};
  CHECK(std::equal(start.begin(), start.end(), options.begin()));
}

TEST_CASE("dhcp message: an offer is read") {
  auto expected = discover();
  expected.type = DhcpMessage::Type::Offer;
  expected.given = Ipv4(0xC0A8C865);
  expected.wanted = {};
  expected.server = Ipv4(0xC0A8C801);
  expected.prefixLength = 24;
  expected.leaseSeconds = 3600;
  expected.hostName.clear();
  expected.vendorClass.clear();
  CHECK(decodeFromServer(answer(kOffer)).value() == expected);
}

TEST_CASE("dhcp message: what follows the packet in its frame does not count") {
  auto padded = answer(kOffer);
  padded.resize(padded.size() + 30, 0xEE);
  CHECK(decodeFromServer(padded));
}

TEST_CASE("dhcp message: a packet cut short anywhere is refused") {
  const auto whole = answer(kOffer);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CHECK_FALSE(decodeFromServer(ByteView(whole).first(size)));
  }
}

TEST_CASE("dhcp message: options that lie about their size, or lack the type, are refused") {
  CHECK_FALSE(decodeFromServer(answer({53, 1, 2, 54, 4, 192})));
  CHECK_FALSE(decodeFromServer(answer({53, 1, 2, 54, 2, 192, 168, 255})));
  CHECK_FALSE(decodeFromServer(answer({53})));
  CHECK_FALSE(decodeFromServer(answer({255})));
  CHECK_FALSE(decodeFromServer(answer({53, 1, 1, 255})));  // a client's discover
}

TEST_CASE("dhcp message: other traffic is refused") {
  CHECK_FALSE(decodeFromServer(encodeFromClient(discover())));
  auto fragment = answer(kOffer);
  fragment[7] = 1;
  CHECK_FALSE(decodeFromServer(fragment));
  auto tcp = answer(kOffer);
  tcp[9] = 6;
  CHECK_FALSE(decodeFromServer(tcp));
  auto other_cookie = answer(kOffer);
  other_cookie[28 + 236] = 0;
  CHECK_FALSE(decodeFromServer(other_cookie));
}

#include "wire/arp.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::wire {
namespace {

const MacAddress kSelf = MacAddress::parse("b8:27:eb:00:00:01").value();
const Ipv4 kLeader = Ipv4::parse("192.168.200.1").value();

}  // namespace

TEST_CASE("arp: a probe is the 28 bytes of RFC 826 with sender 0.0.0.0") {
  const Bytes expected = {0, 1, 8, 0, 6, 4, 0, 1, 0xb8, 0x27, 0xeb, 0,   0,   1,
                          0, 0, 0, 0, 0, 0, 0, 0, 0,    0,    192,  168, 200, 1};
  CHECK(encode(Arp::probe(kSelf, kLeader)) == expected);
  CHECK(Arp::probe(kSelf, kLeader).isProbe());
  CHECK_FALSE(Arp::probe(kSelf, kLeader).claims(kLeader));
}

TEST_CASE("arp: an announcement claims the address and is no probe") {
  const auto packet = Arp::announcement(kSelf, kLeader);
  CHECK(packet.claims(kLeader));
  CHECK_FALSE(packet.isProbe());
  CHECK(decodeArp(encode(packet)).value() == packet);
}

TEST_CASE("arp: padding of the Ethernet frame is ignored") {
  auto bytes = encode(Arp::probe(kSelf, kLeader));
  bytes.resize(46, 0);
  CHECK(decodeArp(bytes).value() == Arp::probe(kSelf, kLeader));
}

TEST_CASE("arp: every shortened packet is refused") {
  const auto bytes = encode(Arp::probe(kSelf, kLeader));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CHECK_FALSE(decodeArp(ByteView(bytes).first(size)).has_value());
  }
}

TEST_CASE("arp: other hardware, protocols, lengths and operations are refused") {
  for (const std::size_t at : {0U, 2U, 4U, 5U, 7U}) {
    auto bytes = encode(Arp::probe(kSelf, kLeader));
    bytes[at] = 9;
    CHECK_FALSE(decodeArp(bytes).has_value());
  }
}

}  // namespace cluster_lab::wire

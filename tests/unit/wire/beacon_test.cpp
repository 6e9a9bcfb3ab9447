#include "wire/beacon.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::wire {
namespace {

// What versions before the last fields were appended leave out.
constexpr std::size_t kFollowers = 2;
constexpr std::size_t kSuccessor = 16 + kFollowers;
constexpr std::size_t kAppended = 8 + kSuccessor;

Beacon example() {
  Beacon beacon;
  beacon.clusterId = "cluster-lab";
  beacon.nodeId = NodeId::parse("0b9d1f6e-27c4-4c7e-9d2a-3c5e1f7a9b01").value();
  beacon.name = "pi-1";
  beacon.role = Role::Leading;
  beacon.wantsAnswer = true;
  beacon.term = 7;
  beacon.registryIndex = 0x1122334455667788;
  beacon.linkKind = LinkKind::Vxlan;
  beacon.linkId = 200;
  beacon.linkMac = MacAddress::parse("b8:27:eb:00:00:01").value();
  beacon.nodeAddress = Ipv4::parse("192.168.200.101").value();
  beacon.leaderAddress = Ipv4::parse("192.168.200.1").value();
  beacon.registryTerm = 6;
  beacon.successor = NodeId::parse("0b9d1f6e-27c4-4c7e-9d2a-3c5e1f7a9b02").value();
  beacon.followers = 3;
  return beacon;
}

}  // namespace

TEST_CASE("beacon: what is sent is what is received") {
  CHECK(decodeBeacon(encode(example())).value() == example());
}

TEST_CASE("beacon: the longest one stays below 500 bytes") {
  auto beacon = example();
  beacon.clusterId = std::string(63, 'c');
  beacon.name = std::string(63, 'n');
  CHECK(encode(beacon).size() <= kBeaconMaxSize);
  CHECK(decodeBeacon(encode(beacon)).value() == beacon);
}

TEST_CASE("beacon: fields that a later version appends are ignored") {
  auto bytes = encode(example());
  bytes.insert(bytes.end(), {1, 2, 3});
  CHECK(decodeBeacon(bytes).value() == example());
}

TEST_CASE("beacon: one of a version before a field was appended is understood") {
  const auto bytes = encode(example());
  const auto without = [&bytes](std::size_t end) {
    return decodeBeacon(ByteView(bytes).first(bytes.size() - end)).value();
  };
  auto expected = example();
  expected.followers = 0;
  CHECK(without(kFollowers) == expected);
  expected.successor = {};
  CHECK(without(kSuccessor) == expected);
  expected.registryTerm = 0;
  CHECK(without(kAppended) == expected);
}

TEST_CASE("beacon: every one that ends within a field is refused") {
  const auto bytes = encode(example());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto missing = bytes.size() - size;
    if (missing == kAppended || missing == kSuccessor || missing == kFollowers) continue;
    CHECK_FALSE(decodeBeacon(ByteView(bytes).first(size)).has_value());
  }
}

TEST_CASE("beacon: another version says which one was found and what to do") {
  auto bytes = encode(example());
  bytes[4] = 9;
  const auto decoded = decodeBeacon(bytes);
  REQUIRE_FALSE(decoded.has_value());
  CHECK(decoded.error().code == ErrorCode::Unsupported);
  CHECK(decoded.error().text().find("version 9") != std::string::npos);
}

TEST_CASE("beacon: roles, link kinds and names out of range are refused") {
  for (const auto& [at, value] :
       {std::pair<std::size_t, std::uint8_t>{6, 0}, {6, 5}, {7, 0}, {7, 4}}) {
    auto bytes = encode(example());
    bytes[at] = value;
    CHECK_FALSE(decodeBeacon(bytes).has_value());
  }
  auto bytes = encode(example());
  bytes[bytes.size() - kAppended - 1] = '\n';
  CHECK_FALSE(decodeBeacon(bytes).has_value());
}

}  // namespace cluster_lab::wire

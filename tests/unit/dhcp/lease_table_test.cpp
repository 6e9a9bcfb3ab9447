#include "dhcp/lease_table.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace cluster_lab;
using namespace cluster_lab::dhcp;

namespace {

constexpr Ipv4 kFirst(0xC0A8C865);  // 192.168.200.101

Ipv4 nth(std::uint32_t number) {
  return Ipv4(kFirst.hostOrder() + number);
}

MacAddress card(std::uint8_t number) {
  return {{0xb8, 0x27, 0xeb, 0, 0, number}};
}

LeaseTable tableOf(std::uint32_t size) {
  return LeaseTable({kFirst, nth(size - 1)});
}

}  // namespace

TEST_CASE("lease table: a lease is found by MAC and by address") {
  auto table = tableOf(100);
  CHECK(table.set({card(1), nth(5), "pi-1"}));
  CHECK(table.of(card(1)) == Lease{card(1), nth(5), "pi-1"});
  CHECK(table.holderOf(nth(5)) == Lease{card(1), nth(5), "pi-1"});
  CHECK_FALSE(table.of(card(2)));
  CHECK_FALSE(table.holderOf(nth(6)));
}

TEST_CASE("lease table: the same lease again changes nothing") {
  auto table = tableOf(100);
  table.set({card(1), nth(5), "pi-1"});
  CHECK_FALSE(table.set({card(1), nth(5), "pi-1"}));
  CHECK_FALSE(table.set({card(1), nth(5), ""}));
  CHECK(table.of(card(1))->hostName == "pi-1");
  CHECK(table.set({card(1), nth(5), "pi-one"}));
}

TEST_CASE("lease table: a card has one address and an address one card") {
  auto table = tableOf(100);
  table.set({card(1), nth(5), "pi-1"});
  table.set({card(1), nth(6), ""});
  CHECK_FALSE(table.holderOf(nth(5)));
  CHECK(table.of(card(1)) == Lease{card(1), nth(6), "pi-1"});
  table.set({card(2), nth(6), ""});
  CHECK_FALSE(table.of(card(1)));
  CHECK(table.all().size() == 1);
}

TEST_CASE("lease table: an address outside the range is not noted") {
  auto table = tableOf(10);
  CHECK_FALSE(table.set({card(1), nth(10), ""}));
  CHECK_FALSE(table.set({card(1), Ipv4(), ""}));
  CHECK(table.all().empty());
}

TEST_CASE("lease table: the leader keeps the address it has, then wants its last one") {
  auto table = tableOf(100);
  CHECK(table.allocate(card(1), nth(42), "pi-1").value() == nth(42));
  CHECK(table.allocate(card(1), nth(43), "pi-1").value() == nth(42));
  const auto other = table.allocate(card(2), nth(42), "pi-2").value();
  CHECK(other != nth(42));
  CHECK(table.of(card(2))->address == other);
}

TEST_CASE("lease table: without a wish the MAC says the same place every time") {
  auto table = tableOf(100);
  auto second = tableOf(100);
  CHECK(table.allocate(card(7), std::nullopt, "").value() ==
        second.allocate(card(7), std::nullopt, "").value());
  const auto outside = Ipv4(0xC0A8C801);
  auto third = tableOf(100);
  CHECK(third.allocate(card(7), outside, "").value() == table.of(card(7))->address);
}

TEST_CASE("lease table: every address is given once, then it is full, then a freed one is given") {
  auto table = tableOf(20);
  std::set<Ipv4> given;
  for (std::uint8_t number = 0; number < 20; ++number) {
    given.insert(table.allocate(card(number), std::nullopt, "").value());
  }
  CHECK(given.size() == 20);
  CHECK(*given.begin() == nth(0));
  CHECK(*given.rbegin() == nth(19));
  CHECK(table.full());
  const auto refused = table.allocate(card(99), std::nullopt, "");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::Exhausted);

  const auto freed = table.of(card(3))->address;
  CHECK(table.remove(card(3)));
  CHECK_FALSE(table.remove(card(3)));
  CHECK(table.allocate(card(99), std::nullopt, "").value() == freed);
}

TEST_CASE("lease table: dnsmasq reads leases without end and without names") {
  auto table = tableOf(100);
  CHECK(renderLeaseFile(table).empty());
  table.set({card(2), nth(9), "pi"});
  table.set({card(1), nth(5), "pi"});
  CHECK(renderLeaseFile(table) ==
        "0 b8:27:eb:00:00:01 192.168.200.106 * *\n"
        "0 b8:27:eb:00:00:02 192.168.200.110 * *\n");
}

#include "base/ipv4.hpp"

#include <doctest/doctest.h>

namespace cluster_lab {

TEST_CASE("ipv4: what is written is read back") {
  CHECK(Ipv4::parse("192.168.200.1")->hostOrder() == 0xC0A8C801);
  CHECK(Ipv4(0xC0A8C801).toString() == "192.168.200.1");
  CHECK(Ipv4::parse("0.0.0.0")->isNone());
  CHECK(Ipv4::parse("255.255.255.255")->toString() == "255.255.255.255");
}

TEST_CASE("ipv4: what is no address is refused and named") {
  for (const auto* text : {"", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.x", "1..2.3",
                           "-1.2.3.4", " 1.2.3.4"}) {
    const auto parsed = Ipv4::parse(text);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().message.find(std::string("'") + text + "'") != std::string::npos);
  }
}

TEST_CASE("ipv4: a subnet knows its mask, its broadcast and what it contains") {
  const auto network = Ipv4Network::parse("192.168.200.0/24").value();
  CHECK(network.netmask().toString() == "255.255.255.0");
  CHECK(network.broadcast().toString() == "192.168.200.255");
  CHECK(network.contains(Ipv4::parse("192.168.200.77").value()));
  CHECK_FALSE(network.contains(Ipv4::parse("192.168.201.1").value()));
  CHECK(network.toString() == "192.168.200.0/24");
}

TEST_CASE("ipv4: a subnet with host bits, without prefix or with a wild one is refused") {
  for (const auto* text :
       {"192.168.200.1/24", "192.168.200.0", "10.0.0.0/0", "10.0.0.0/31", "10.0.0.0/x"}) {
    CHECK_FALSE(Ipv4Network::parse(text).has_value());
  }
}

TEST_CASE("ipv4: a range counts both ends") {
  const auto range = Ipv4Range::parse("192.168.200.101-192.168.200.200").value();
  CHECK(range.size() == 100);
  CHECK(range.contains(range.first));
  CHECK(range.contains(range.last));
  CHECK_FALSE(range.contains(Ipv4::parse("192.168.200.201").value()));
  CHECK(range.toString() == "192.168.200.101-192.168.200.200");
}

TEST_CASE("ipv4: a range that ends before it begins is refused") {
  CHECK_FALSE(Ipv4Range::parse("192.168.200.9-192.168.200.1").has_value());
  CHECK_FALSE(Ipv4Range::parse("192.168.200.9").has_value());
}

}  // namespace cluster_lab

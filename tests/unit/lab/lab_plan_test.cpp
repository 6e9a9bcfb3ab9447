#include "lab/lab_plan.hpp"

#include <doctest/doctest.h>

#include <set>

namespace cluster_lab::lab {

TEST_CASE("lab plan: a lab's name is short enough for an interface's name") {
  CHECK(checkLabName("lab"));
  CHECK(checkLabName("ten-digits"));
  CHECK(switchName("ten-digits").size() <= 15);
  CHECK_FALSE(checkLabName("eleven-long"));
  CHECK_FALSE(checkLabName(""));
  CHECK_FALSE(checkLabName("Lab"));
  CHECK_FALSE(checkLabName("a/b"));
  CHECK_FALSE(checkLabName("-a"));
}

TEST_CASE("lab plan: LANs fill 198.18.0.0/15 and nothing else") {
  const auto all = *Ipv4Network::parse("198.18.0.0/15");
  std::set<Ipv4Network> lans;
  for (unsigned i = 0; i < kLanCount; ++i) {
    CHECK(all.contains(lanNumber(i).address()));
    lans.insert(lanNumber(i));
  }
  CHECK(lans.size() == kLanCount);
}

TEST_CASE("lab plan: the same lab gets the same LAN while it is free") {
  const auto first = chooseLan("lab", {});
  REQUIRE(first);
  CHECK(chooseLan("lab", {}) == first);
  CHECK(chooseLan("lab", {*Ipv4Network::parse("192.168.0.0/16")}) == first);
}

TEST_CASE("lab plan: a LAN meets no network that is taken") {
  const auto first = *chooseLan("lab", {});
  const auto second = chooseLan("lab", {first});
  REQUIRE(second);
  CHECK(*second != first);
  const auto inside = *Ipv4Network::parse(first.address().toString() + "/30");
  CHECK(chooseLan("lab", {inside}) == second);
}

TEST_CASE("lab plan: with all of 198.18.0.0/15 taken there is no LAN") {
  CHECK_FALSE(chooseLan("lab", {*Ipv4Network::parse("198.18.0.0/15")}));
}

TEST_CASE("lab plan: nodes have addresses and MACs of their own, apart from this machine's") {
  const auto lan = lanNumber(7);
  std::set<Ipv4> addresses = {hostLanAddress(lan)};
  std::set<MacAddress> macs;
  for (unsigned i = 1; i <= kMostNodes; ++i) {
    CHECK(lan.contains(nodeLanAddress(lan, i)));
    addresses.insert(nodeLanAddress(lan, i));
    macs.insert(nodeMac(lan, i));
  }
  CHECK(addresses.size() == kMostNodes + 1);
  CHECK(macs.size() == kMostNodes);
  CHECK(nodeMac(lan, 3).toString() == "02:c6:12:07:00:03");
  CHECK(nodeName(3) == "pi3");
}

}  // namespace cluster_lab::lab

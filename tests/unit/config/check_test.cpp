#include "config/check.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::config {
namespace {

using namespace std::chrono_literals;

/// The one contradiction in the settings; "" if there is none, "several" if there are more.
std::string theOnly(const Settings& settings) {
  const auto found = check(settings);
  if (found.size() > 1) return "several";
  return found.empty() ? "" : found.front().message;
}

Settings withNetwork(const char* subnet, const char* leader, const char* range) {
  Settings settings;
  settings.network.subnet = Ipv4Network::parse(subnet).value();
  settings.network.leaderAddress = Ipv4::parse(leader).value();
  settings.network.range = Ipv4Range::parse(range).value();
  return settings;
}

}  // namespace

TEST_CASE("check: the defaults contradict nothing") {
  CHECK(theOnly({}) == "");
}

TEST_CASE("check: leader address and range lie in the subnet, apart from each other") {
  CHECK(theOnly(withNetwork("10.1.0.0/16", "10.1.0.1", "10.1.1.0-10.1.3.255")) == "");
  CHECK(theOnly(withNetwork("10.1.0.0/24", "10.2.0.1", "10.1.0.5-10.1.0.9")) ==
        "leader address 10.2.0.1 is not a host address of the subnet 10.1.0.0/24");
  CHECK(theOnly(withNetwork("10.1.0.0/24", "10.1.0.0", "10.1.0.5-10.1.0.9")) ==
        "leader address 10.1.0.0 is not a host address of the subnet 10.1.0.0/24");
  CHECK(theOnly(withNetwork("10.1.0.0/24", "10.1.0.255", "10.1.0.5-10.1.0.9")) ==
        "leader address 10.1.0.255 is not a host address of the subnet 10.1.0.0/24");
  CHECK(theOnly(withNetwork("10.1.0.0/24", "10.1.0.1", "10.1.0.5-10.1.0.255")) ==
        "range 10.1.0.5-10.1.0.255 is not within the host addresses of the subnet 10.1.0.0/24");
  CHECK(theOnly(withNetwork("10.1.0.0/24", "10.1.0.7", "10.1.0.5-10.1.0.9")) ==
        "leader address 10.1.0.7 is within the range 10.1.0.5-10.1.0.9 of the nodes: expected it "
        "outside");
}

TEST_CASE("check: a subnet must be for machines and have room") {
  CHECK(theOnly(withNetwork("10.1.0.0/29", "10.1.0.1", "10.1.0.2-10.1.0.6")) == "");
  CHECK(theOnly(withNetwork("10.1.0.0/24", "10.1.0.1", "10.1.0.2-10.1.0.2"))
            .starts_with("range 10.1.0.2-10.1.0.2 holds one address"));
  CHECK(theOnly(withNetwork("127.1.0.0/24", "127.1.0.1", "127.1.0.2-127.1.0.9"))
            .starts_with("127.1.0.0/24 is not for machines"));
  CHECK(theOnly(withNetwork("239.1.0.0/24", "239.1.0.1", "239.1.0.2-239.1.0.9"))
            .starts_with("239.1.0.0/24 is not for machines"));
  CHECK(check(withNetwork("10.1.0.0/30", "10.1.0.1", "10.1.0.2-10.1.0.2")).size() == 2);
}

TEST_CASE("check: a link id fits its kind") {
  Settings settings;
  settings.link.id = 4095;
  CHECK(theOnly(settings) == "4095 is not a VLAN id: expected 1 to 4094");
  settings.link.kind = LinkKind::Vxlan;
  CHECK(theOnly(settings) == "");
}

TEST_CASE("check: the name of the link fits the kernel") {
  Settings settings;
  settings.link.parent = "enxb827eb123456";
  CHECK(theOnly(settings) ==
        "the link would be called 'enxb827eb123456.200', which has 19 characters: expected at most "
        "15; take a smaller link.id, or link.kind = vxlan");
  settings.link.kind = LinkKind::None;
  CHECK(theOnly(settings) == "");
}

TEST_CASE("check: ports differ") {
  Settings settings;
  settings.scheduler.port = settings.registry.port;
  CHECK(theOnly(settings) == "registry and scheduler both on port 8500: expected two different");
  settings = {};
  settings.link.vxlanPort = 14788;
  CHECK(theOnly(settings) == "UDP port 14788 is the beacon's: expected another");
}

TEST_CASE("check: the leader address outlives the heartbeats, a node's silence spans two") {
  Settings settings;
  settings.election.addressLifetime = 1s;
  CHECK(theOnly(settings) ==
        "address lifetime of 1 s: expected more than the 1500 ms of 3 missed heartbeats");
  settings = {};
  settings.registry.nodeTimeout = 999ms;
  CHECK(theOnly(settings) == "node timeout of 999 ms: expected at least two heartbeats of 500 ms");
}

}  // namespace cluster_lab::config

#include "config/effective.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

namespace cluster_lab::config {
namespace {

Effective of(std::string_view lower, std::string_view upper = "") {
  return combine({parseFile(lower, "lower"), parseFile(upper, "upper")});
}

}  // namespace

TEST_CASE("effective: without any source all is as the defaults have it") {
  const auto effective = combine({});
  CHECK(effective.errors.empty());
  CHECK(effective.settings == Settings{});
}

TEST_CASE("effective: the later source lies over the earlier one, key by key") {
  const auto effective = of("link.kind = vxlan\nlink.parent = wlan0\n", "link.kind = none\n");
  CHECK(effective.errors.empty());
  CHECK(effective.settings.link.kind == LinkKind::None);
  CHECK(effective.settings.link.parent == "wlan0");
}

TEST_CASE("effective: labels of all sources add up") {
  const auto effective = of("node.label = a=1\nnode.label = b=1\n", "node.label = b=2\n");
  CHECK(effective.settings.node.labels ==
        std::map<std::string, std::string>{{"a", "1"}, {"b", "2"}});
}

TEST_CASE("effective: a bad value names file, line, key, text and what was expected") {
  const auto effective = of("\nlink.kind = vlam\nregistry.port = x\n", "link.parent = a/b\n");
  CHECK(effective.errors ==
        std::vector<std::string>{
            "lower:2: link.kind = vlam: expected vlan, vxlan or none",
            "upper:1: link.parent = a/b: expected an interface name such as eth0, at most 15 "
            "characters",
            "lower:3: registry.port = x: expected a port number from 1 to 65535"});
}

TEST_CASE("effective: a bad value is an error also where a later source sets it right") {
  CHECK(of("link.kind = vlam\n", "link.kind = vlan\n").errors.size() == 1);
}

TEST_CASE("effective: a contradiction names the line that somebody wrote") {
  const auto both = of("network.leader-address = 10.0.0.1\n");
  REQUIRE(both.errors.size() == 1);
  CHECK(both.errors[0].starts_with("lower:1: leader address 10.0.0.1 is not a host address"));
  const auto other = of("\nnetwork.subnet = 10.0.0.0/24\n");
  REQUIRE(other.errors.size() == 2);
  CHECK(other.errors[0].starts_with("lower:2: leader address 192.168.200.1 is not"));
}

TEST_CASE("effective: link.id=auto follows the cluster id, a number does not") {
  CHECK(of("cluster.id = kitchen\n").settings.link.id == autoLinkId("kitchen"));
  CHECK(of("cluster.id = kitchen\nlink.id = 7\n").settings.link.id == 7);
  CHECK(of("cluster.id = kitchen\nlink.kind = vxlan\n").settings.link.name() ==
        "cluster" + std::to_string(autoLinkId("kitchen")));
}

TEST_CASE("effective: what is printed tells where each value comes from and reads back the same") {
  const auto effective = of("cluster.id = kitchen\nnode.label = a=1\n", "node.label = b=2\n");
  const auto text = printed(effective);
  std::ifstream file(CLUSTER_LAB_SOURCE_DIR "/tests/golden/config/printed.txt");
  CHECK(text == std::string(std::istreambuf_iterator<char>(file), {}));
  const auto again = of(text);
  CHECK(again.errors.empty());
  CHECK(again.settings == effective.settings);
}

}  // namespace cluster_lab::config

#include "config/settings.hpp"

#include <doctest/doctest.h>

#include <set>

namespace cluster_lab::config {

TEST_CASE("settings: the cluster link is named by its kind") {
  Settings::Link link;
  CHECK(link.name() == "eth0.200");
  link.kind = LinkKind::Vxlan;
  CHECK(link.name() == "cluster200");
  link.kind = LinkKind::None;
  CHECK(link.name() == "eth0");
}

TEST_CASE("settings: the default cluster has link 200, others one of their own in 201..999") {
  CHECK(autoLinkId("cluster-lab") == 200);
  std::set<std::uint32_t> ids;
  for (const auto* id : {"a", "b", "kitchen", "class-1", "class-2", "class-3"}) {
    CHECK(autoLinkId(id) >= 201);
    CHECK(autoLinkId(id) <= 999);
    ids.insert(autoLinkId(id));
  }
  CHECK(ids.size() == 6);
  // Nodes of different versions must agree: this number may never change.
  CHECK(autoLinkId("kitchen") == 395);
}

TEST_CASE("settings: the network's defaults fit each other") {
  const Settings::Network network;
  CHECK(network.subnet.toString() == "192.168.200.0/24");
  CHECK(network.leaderAddress.toString() == "192.168.200.1");
  CHECK(network.range.toString() == "192.168.200.101-192.168.200.200");
}

}  // namespace cluster_lab::config

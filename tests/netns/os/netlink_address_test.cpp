// Addresses on the real kernel.
#include <doctest/doctest.h>

#include <fstream>
#include <vector>

#include "network.hpp"

namespace cluster_lab::os::test {
namespace {

using namespace std::chrono_literals;

constexpr Ipv4 kLeader(0xC0A8C801);  // 192.168.200.1
constexpr Ipv4 kOwn(0xC0A8C865);     // 192.168.200.101

struct World {
  World() {
    plugCable();
    index = linkOf(*netlink, "va").index;
  }
  [[nodiscard]] std::vector<Ipv4> addresses() const {
    const auto all = netlink->addresses(index);
    REQUIRE(all);
    std::vector<Ipv4> plain;
    for (const auto& info : *all) plain.push_back(info.address);
    return plain;
  }

  std::unique_ptr<Netlink> netlink = openNetlink();
  int index = 0;
};

}  // namespace

TEST_CASE("netlink: an address is set with its broadcast and lifetime, renewed and made lasting") {
  if (!enterNamespace()) return;
  const World world;
  REQUIRE(world.netlink->setAddress(world.index, kLeader, 24, 7s));
  auto shown = ipOutput("addr show va");
  INFO(shown);
  CHECK(countOf(shown, "inet 192.168.200.1/24 brd 192.168.200.255") == 1);
  CHECK(countOf(shown, "valid_lft 7sec preferred_lft 7sec") == 1);
  REQUIRE(world.netlink->setAddress(world.index, kLeader, 24, 60s));
  CHECK(countOf(ipOutput("addr show va"), "valid_lft 60sec") == 1);
  REQUIRE(world.netlink->setAddress(world.index, kLeader, 24, std::nullopt));
  shown = ipOutput("-4 addr show va");
  CHECK(countOf(shown, "valid_lft forever") == 1);
  CHECK(countOf(shown, "inet ") == 1);
  CHECK(countOf(ipOutput("route"), "192.168.200.0/24") == 1);
}

TEST_CASE("netlink: who has an address is forgotten, and need not be known") {
  if (!enterNamespace()) return;
  const World world;
  REQUIRE(world.netlink->setAddress(world.index, kOwn, 24, {}));
  ip("neigh add 192.168.200.1 lladdr 02:00:00:00:00:01 dev va nud reachable");
  REQUIRE(world.netlink->forgetNeighbour(world.index, kLeader));
  CHECK(countOf(ipOutput("neigh show 192.168.200.1"), "02:00:00:00:00:01") == 0);
  CHECK(world.netlink->forgetNeighbour(world.index, kLeader));
}

TEST_CASE("netlink: the same address with another prefix replaces it") {
  if (!enterNamespace()) return;
  const World world;
  REQUIRE(world.netlink->setAddress(world.index, kOwn, 24, {}));
  REQUIRE(world.netlink->setAddress(world.index, kOwn, 16, {}));
  CHECK(world.netlink->addresses(world.index) == std::vector<AddressInfo>{{world.index, kOwn, 16}});
}

TEST_CASE("netlink: an address is removed, and again without complaint") {
  if (!enterNamespace()) return;
  const World world;
  REQUIRE(world.netlink->setAddress(world.index, kOwn, 24, {}));
  CHECK(world.netlink->removeAddress(world.index, kOwn, 24));
  CHECK(world.addresses().empty());
  CHECK(world.netlink->removeAddress(world.index, kOwn, 24));
  CHECK(world.netlink->removeAddress(world.index + 1000, kOwn, 24));
}

TEST_CASE("netlink: the node's own address outlives the leader's, whichever came first") {
  if (!enterNamespace()) return;
  const World world;
  std::ofstream("/proc/sys/net/ipv4/conf/all/promote_secondaries") << "0";
  std::ofstream("/proc/sys/net/ipv4/conf/va/promote_secondaries") << "0";
  REQUIRE(world.netlink->setAddress(world.index, kLeader, 24, 60s));
  REQUIRE(world.netlink->setAddress(world.index, kOwn, 24, {}));
  REQUIRE(world.netlink->removeAddress(world.index, kLeader, 24));
  CHECK(world.addresses() == std::vector<Ipv4>{kOwn});
  REQUIRE(world.netlink->setAddress(world.index, kLeader, 24, 60s));
  REQUIRE(world.netlink->removeAddress(world.index, kOwn, 24));
  CHECK(world.addresses() == std::vector<Ipv4>{kLeader});
  CHECK(countOf(ipOutput("route"), "192.168.200.0/24") == 1);
}

TEST_CASE("netlink: a lifetime that nobody renews ends the address, and the monitor tells") {
  if (!enterNamespace()) return;
  const World world;
  const auto loop = makeLoop();
  std::vector<AddressInfo> removed;
  auto monitor = NetlinkMonitor::open(
      *loop, {.linkChanged = {},
              .linkRemoved = {},
              .addressAdded = {},
              .addressRemoved = [&](const AddressInfo& info) { removed.push_back(info); },
              .lost = {}});
  REQUIRE(monitor);
  REQUIRE(world.netlink->setAddress(world.index, kLeader, 24, 1s));
  REQUIRE(world.netlink->setAddress(world.index, kOwn, 24, {}));
  REQUIRE(runUntil(*loop, [&] { return !removed.empty(); }));
  CHECK(removed == std::vector<AddressInfo>{{world.index, kLeader, 24}});
  CHECK(world.addresses() == std::vector<Ipv4>{kOwn});
}

TEST_CASE("netlink: an address for an interface that is not there is NotFound") {
  if (!enterNamespace()) return;
  const World world;
  CHECK(codeOf(world.netlink->setAddress(world.index + 1000, kOwn, 24, {})) == ErrorCode::NotFound);
}

}  // namespace cluster_lab::os::test

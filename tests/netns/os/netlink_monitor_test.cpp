// The kernel's network events, from the real kernel.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "network.hpp"

namespace cluster_lab::os::test {
namespace {

struct World {
  World() {
    auto opened = NetlinkMonitor::open(
        *loop, {.linkChanged = [this](const LinkInfo& link) { changed.push_back(link); },
                .linkRemoved = [this](const LinkInfo& link) { removed.push_back(link.name); },
                .addressAdded = [this](const AddressInfo& address) { added.push_back(address); },
                .addressRemoved = [this](const AddressInfo& address) { gone.push_back(address); },
                .lost = [this] { ++lost; }});
    REQUIRE(opened);
    monitor = std::move(*opened);
  }
  [[nodiscard]] bool hears(auto condition) {
    return runUntil(*loop, [&] { return std::ranges::any_of(changed, condition); });
  }

  std::unique_ptr<EventLoop> loop = makeLoop();
  std::vector<LinkInfo> changed;
  std::vector<std::string> removed;
  std::vector<AddressInfo> added;
  std::vector<AddressInfo> gone;
  int lost = 0;
  std::unique_ptr<NetlinkMonitor> monitor;
};

}  // namespace

TEST_CASE("monitor: a link that comes, gets and loses its carrier, and goes is told") {
  if (!enterNamespace()) return;
  World world;
  plugCable();
  CHECK(world.hears([](const LinkInfo& link) { return link.name == "va" && !link.carrier; }));
  CHECK(world.hears([](const LinkInfo& link) { return link.name == "va" && link.carrier; }));
  world.changed.clear();
  ip("link set vb down");
  CHECK(world.hears([](const LinkInfo& link) { return link.name == "va" && !link.carrier; }));
  ip("link del va");
  CHECK(runUntil(*world.loop, [&] { return world.removed.size() == 2; }));
}

TEST_CASE("monitor: an address that comes and goes is told") {
  if (!enterNamespace()) return;
  plugCable();
  World world;
  ip("addr add 192.168.200.1/24 dev va");
  ip("addr del 192.168.200.1/24 dev va");
  REQUIRE(runUntil(*world.loop, [&] { return !world.gone.empty(); }));
  REQUIRE(world.added.size() == 1);
  CHECK(world.added == world.gone);
  CHECK(world.added[0].address == Ipv4(0xC0A8C801));
  CHECK(world.added[0].prefixLength == 24);
}

TEST_CASE("monitor: a port that leaves its bridge is no link that goes") {
  if (!enterNamespace()) return;
  plugCable();
  ip("link add os-bridge type bridge");
  ip("link set va master os-bridge");
  World world;
  ip("link set va nomaster");
  ip("link set vb down");
  CHECK(world.hears([](const LinkInfo& link) { return link.name == "vb" && !link.up; }));
  CHECK(world.removed.empty());
}

TEST_CASE("monitor: events that the kernel had no room for are told as lost, and it goes on") {
  if (!enterNamespace()) return;
  plugCable();
  const auto netlink = openNetlink();
  World world;
  for (int i = 0; i < 3000; ++i) REQUIRE(netlink->setUp("vb", i % 2 == 0));
  REQUIRE(runUntil(*world.loop, [&] { return world.lost > 0; }));
  world.changed.clear();
  ip("link add later type veth peer name peer");
  CHECK(world.hears([](const LinkInfo& link) { return link.name == "later"; }));
}

TEST_CASE("monitor: it may be destroyed in its own event") {
  if (!enterNamespace()) return;
  const auto loop = makeLoop();
  std::unique_ptr<NetlinkMonitor> monitor;
  int calls = 0;
  auto opened = NetlinkMonitor::open(*loop, {.linkChanged =
                                                 [&](const LinkInfo&) {
                                                   ++calls;
                                                   monitor.reset();
                                                 },
                                             .linkRemoved = {},
                                             .addressAdded = {},
                                             .addressRemoved = {},
                                             .lost = {}});
  REQUIRE(opened);
  monitor = std::move(*opened);
  plugCable();
  CHECK(runUntil(*loop, [&] { return monitor == nullptr; }));
  CHECK(calls == 1);
}

}  // namespace cluster_lab::os::test

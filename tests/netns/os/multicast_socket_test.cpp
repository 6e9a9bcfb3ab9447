// IPv6 multicast over a real cable of two virtual interfaces.
#include <doctest/doctest.h>

#include <fstream>
#include <vector>

#include "network.hpp"
#include "os/packet_socket.hpp"

namespace cluster_lab::os::test {
namespace {

using wire::Bytes;

constexpr const char* kGroup = "ff12::c1ab:1";
constexpr std::uint16_t kPort = 14788;

/// One end of the cable.
struct End {
  End(EventLoop& eventLoop, Netlink& netlink, const std::string& name)
      : loop(eventLoop), link(linkOf(netlink, name)) {
    auto opened = MulticastSocket::open(
        loop, link.index, kGroup, kPort,
        [this](wire::ByteView payload) { heard.emplace_back(payload.begin(), payload.end()); });
    REQUIRE(opened);
    socket = std::move(*opened);
  }
  /// Waits for the link-local address, too.
  [[nodiscard]] bool sends(const Bytes& payload) {
    return runUntil(loop, [&] {
      const auto sent = socket->send(payload);
      if (!sent) CHECK(sent.error().code == ErrorCode::Unavailable);
      return sent.has_value();
    });
  }
  [[nodiscard]] bool hears(const Bytes& payload) {
    return runUntil(loop, [&] { return heard == std::vector<Bytes>{payload}; });
  }

  EventLoop& loop;
  LinkInfo link;
  std::vector<Bytes> heard;
  std::unique_ptr<MulticastSocket> socket;
};

struct World {
  explicit World(bool checkDuplicates = false) { plugCable(checkDuplicates); }

  std::unique_ptr<EventLoop> loop = makeLoop();
  std::unique_ptr<Netlink> netlink = openNetlink();
};

}  // namespace

TEST_CASE("multicast: a datagram goes both ways, and not to its sender") {
  if (!enterNamespace()) return;
  World world;
  End a(*world.loop, *world.netlink, "va");
  End b(*world.loop, *world.netlink, "vb");
  const Bytes first{1, 2, 3};
  const Bytes second(500, 7);
  REQUIRE(a.sends(first));
  CHECK(b.hears(first));
  REQUIRE(b.sends(second));
  CHECK(a.hears(second));
  CHECK(b.heard.size() == 1);
}

TEST_CASE("multicast: while the link-local address is tentative, sending is Unavailable") {
  if (!enterNamespace()) return;
  World world(true);
  End a(*world.loop, *world.netlink, "va");
  CHECK(codeOf(a.socket->send(Bytes{1})) == ErrorCode::Unavailable);
  CHECK(a.sends({1}));
}

TEST_CASE("multicast: two sockets of one interface both hear") {
  if (!enterNamespace()) return;
  World world;
  End a(*world.loop, *world.netlink, "va");
  End b(*world.loop, *world.netlink, "vb");
  End again(*world.loop, *world.netlink, "vb");
  REQUIRE(a.sends({1}));
  CHECK(b.hears({1}));
  CHECK(again.hears({1}));
}

TEST_CASE("multicast: on a link without IPv6 it is Unsupported, with the remedy") {
  if (!enterNamespace()) return;
  World world;
  std::ofstream("/proc/sys/net/ipv6/conf/va/disable_ipv6") << "1";
  const auto opened = MulticastSocket::open(*world.loop, linkOf(*world.netlink, "va").index, kGroup,
                                            kPort, [](wire::ByteView) {});
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == ErrorCode::Unsupported);
  CHECK(opened.error().message == "IPv6 is off on va");
  CHECK(opened.error().remedy.find("net.ipv6.conf.va.disable_ipv6=0") != std::string::npos);
}

TEST_CASE("multicast: a link that goes down or away cannot send and does not spin") {
  if (!enterNamespace()) return;
  World world;
  End a(*world.loop, *world.netlink, "va");
  REQUIRE(a.sends({1}));
  REQUIRE(world.netlink->setUp("va", false));
  CHECK(codeOf(a.socket->send(Bytes{1})) == ErrorCode::Unavailable);
  CHECK(sleeps(*world.loop));
  REQUIRE(world.netlink->removeLink("va"));
  CHECK(codeOf(a.socket->send(Bytes{1})) == ErrorCode::Unavailable);
  CHECK(sleeps(*world.loop));
}

TEST_CASE("multicast: after the link was down it sends and hears again") {
  if (!enterNamespace()) return;
  World world;
  End a(*world.loop, *world.netlink, "va");
  End b(*world.loop, *world.netlink, "vb");
  REQUIRE(world.netlink->setUp("vb", false));
  REQUIRE(world.netlink->setUp("vb", true));
  REQUIRE(a.sends({5}));
  CHECK(b.hears({5}));
}

TEST_CASE("multicast: a group that is none, or of a wider scope, is refused") {
  if (!enterNamespace()) return;
  World world;
  for (const auto* const group : {"fe80::1", "ff05::1", "224.0.0.1", ""}) {
    CHECK(codeOf(MulticastSocket::open(*world.loop, 1, group, kPort, [](wire::ByteView) {})) ==
          ErrorCode::InvalidArgument);
  }
}

TEST_CASE("multicast: an interface that is not there is NotFound") {
  if (!enterNamespace()) return;
  World world;
  CHECK(codeOf(MulticastSocket::open(*world.loop, 999, kGroup, kPort, [](wire::ByteView) {})) ==
        ErrorCode::NotFound);
}

}  // namespace cluster_lab::os::test

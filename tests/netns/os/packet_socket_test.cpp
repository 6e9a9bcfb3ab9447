// Ethernet frames over a real cable of two virtual interfaces.
#include "os/packet_socket.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <linux/capability.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/socket.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "network.hpp"
#include "os/file_descriptor.hpp"
#include "wire/arp.hpp"

namespace cluster_lab::os::test {
namespace {

using wire::Bytes;

struct Frame {
  MacAddress source;
  Bytes payload;
  bool operator==(const Frame&) const = default;
};

/// One end of the cable.
struct End {
  End(EventLoop& eventLoop, Netlink& netlink, const std::string& name,
      std::uint16_t etherType = wire::kArpEtherType)
      : loop(eventLoop), link(linkOf(netlink, name)) {
    auto opened = PacketSocket::open(loop, link.index, etherType,
                                     [this](MacAddress source, wire::ByteView payload) {
                                       frames.push_back({source, {payload.begin(), payload.end()}});
                                     });
    REQUIRE(opened);
    socket = std::move(*opened);
  }
  [[nodiscard]] bool hears(const Frame& frame) {
    return runUntil(loop, [&] { return std::ranges::find(frames, frame) != frames.end(); });
  }

  EventLoop& loop;
  LinkInfo link;
  std::vector<Frame> frames;
  std::unique_ptr<PacketSocket> socket;
};

struct World {
  World() { plugCable(); }

  std::unique_ptr<EventLoop> loop = makeLoop();
  std::unique_ptr<Netlink> netlink = openNetlink();
};

Bytes probe(const End& from) {
  return encode(wire::Arp::probe(from.link.mac, Ipv4(0xC0A8C801)));
}

/// A whole frame, Ethernet header and all, out of `link`.
void sendRaw(const LinkInfo& link, const Bytes& frame) {
  const FileDescriptor fd(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_ifindex = link.index;
  REQUIRE(sendto(fd.get(), frame.data(), frame.size(), 0,
                 reinterpret_cast<const sockaddr*>(&address),
                 sizeof address) == static_cast<ssize_t>(frame.size()));
}

Bytes ethernet(MacAddress destination, MacAddress source, std::vector<std::uint16_t> types,
               const Bytes& payload) {
  wire::Writer writer;
  writer.raw(destination.bytes);
  writer.raw(source.bytes);
  for (const auto type : types) writer.number(type, 2);
  writer.raw(payload);
  return std::move(writer).finish();
}

}  // namespace

TEST_CASE("packet socket: ARP goes both ways, with the sender's MAC, and not to the sender") {
  if (!enterNamespace()) return;
  World world;
  End a(*world.loop, *world.netlink, "va");
  End b(*world.loop, *world.netlink, "vb");
  REQUIRE(a.socket->send(MacAddress::broadcast(), probe(a)));
  CHECK(b.hears({a.link.mac, probe(a)}));
  REQUIRE(b.socket->send(a.link.mac, probe(b)));
  CHECK(a.hears({b.link.mac, probe(b)}));
  CHECK(std::ranges::count(a.frames, a.link.mac, &Frame::source) == 0);
}

TEST_CASE(
    "packet socket: the kernel keeps away what is not ARP for IPv4, or not for this machine") {
  if (!enterNamespace()) return;
  World world;
  End a(*world.loop, *world.netlink, "va");
  End b(*world.loop, *world.netlink, "vb");
  auto ipv6Arp = probe(a);
  ipv6Arp.at(2) = 0x86;
  ipv6Arp.at(3) = 0xDD;
  const auto stranger = MacAddress{{2, 0, 0, 0, 0, 9}};
  REQUIRE(a.socket->send(MacAddress::broadcast(), ipv6Arp));
  REQUIRE(a.socket->send(MacAddress::broadcast(), Bytes{0, 1, 8}));
  REQUIRE(a.socket->send(stranger, probe(a)));
  sendRaw(a.link, ethernet(MacAddress::broadcast(), a.link.mac, {0x88B5}, probe(a)));
  // A VLAN that no interface of the receiver takes.
  sendRaw(a.link, ethernet(MacAddress::broadcast(), a.link.mac, {0x8100, 77, ETH_P_ARP}, probe(a)));
  const auto last = encode(wire::Arp::announcement(a.link.mac, Ipv4(0xC0A8C801)));
  REQUIRE(a.socket->send(MacAddress::broadcast(), last));
  REQUIRE(b.hears({a.link.mac, last}));
  CHECK(std::ranges::count(b.frames, a.link.mac, &Frame::source) == 1);
}

TEST_CASE("packet socket: a heartbeat's EtherType carries any payload") {
  if (!enterNamespace()) return;
  World world;
  End a(*world.loop, *world.netlink, "va", 0x88B5);
  End b(*world.loop, *world.netlink, "vb", 0x88B5);
  const Bytes payload(500, 0xAB);
  REQUIRE(a.socket->send(b.link.mac, payload));
  CHECK(b.hears({a.link.mac, payload}));
}

TEST_CASE(
    "packet socket: a link that is down cannot send, does not spin, and works when up again") {
  if (!enterNamespace()) return;
  World world;
  End a(*world.loop, *world.netlink, "va");
  End b(*world.loop, *world.netlink, "vb");
  REQUIRE(world.netlink->setUp("vb", false));
  CHECK(codeOf(b.socket->send(a.link.mac, probe(b))) == ErrorCode::Unavailable);
  CHECK(sleeps(*world.loop));
  REQUIRE(world.netlink->setUp("vb", true));
  // The other end's queue is back a moment after its carrier.
  CHECK(runUntil(*world.loop, [&] {
    CHECK(a.socket->send(MacAddress::broadcast(), probe(a)));
    return !b.frames.empty();
  }));
}

TEST_CASE("packet socket: a link that goes away cannot send and does not spin") {
  if (!enterNamespace()) return;
  World world;
  End a(*world.loop, *world.netlink, "va");
  REQUIRE(world.netlink->removeLink("va"));
  CHECK(codeOf(a.socket->send(MacAddress::broadcast(), probe(a))) == ErrorCode::Unavailable);
  CHECK(sleeps(*world.loop));
}

TEST_CASE("packet socket: it may be destroyed while it delivers") {
  if (!enterNamespace()) return;
  World world;
  End a(*world.loop, *world.netlink, "va");
  std::unique_ptr<PacketSocket> socket;
  const auto b = linkOf(*world.netlink, "vb");
  int calls = 0;
  auto opened = PacketSocket::open(*world.loop, b.index, wire::kArpEtherType,
                                   [&](MacAddress, wire::ByteView) {
                                     ++calls;
                                     socket.reset();
                                   });
  REQUIRE(opened);
  socket = std::move(*opened);
  REQUIRE(a.socket->send(MacAddress::broadcast(), probe(a)));
  REQUIRE(a.socket->send(MacAddress::broadcast(), probe(a)));
  REQUIRE(runUntil(*world.loop, [&] { return socket == nullptr; }));
  CHECK(calls == 1);
}

TEST_CASE("packet socket: without CAP_NET_RAW it is refused, with the remedy") {
  if (!enterNamespace()) return;
  World world;
  const Without capability(CAP_NET_RAW);
  const auto opened =
      PacketSocket::open(*world.loop, 1, wire::kArpEtherType, [](MacAddress, wire::ByteView) {});
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == ErrorCode::PermissionDenied);
  CHECK(opened.error().remedy == "run as root or with the capability CAP_NET_RAW");
}

TEST_CASE("packet socket: ARP crosses a VXLAN over the cable, both ways") {
  if (!enterNamespace()) return;
  World world;
  const OtherNamespace other;
  other.take("vb");
  const auto makeVxlan = [](Netlink& netlink, const std::string& parent) {
    REQUIRE(netlink.setUp(parent, true));
    REQUIRE(netlink.ensureVxlan(parent, VxlanSpec{}, "cluster200"));
    REQUIRE(netlink.setUp("cluster200", true));
  };
  makeVxlan(*world.netlink, "va");
  End a(*world.loop, *world.netlink, "cluster200");
  other.enter();
  const auto netlink = openNetlink();
  makeVxlan(*netlink, "vb");
  End b(*world.loop, *netlink, "cluster200");
  // Lost until the parents' link-local addresses are no longer tentative (RFC 4862 section 5.4).
  CHECK(runUntil(*world.loop, [&] {
    CHECK(a.socket->send(MacAddress::broadcast(), probe(a)));
    return std::ranges::find(b.frames, Frame{a.link.mac, probe(a)}) != b.frames.end();
  }));
  CHECK(runUntil(*world.loop, [&] {
    CHECK(b.socket->send(a.link.mac, probe(b)));
    return std::ranges::find(a.frames, Frame{b.link.mac, probe(b)}) != a.frames.end();
  }));
}

}  // namespace cluster_lab::os::test

// Links on the real kernel: each case in an empty network namespace of its own.
#include <doctest/doctest.h>
#include <linux/capability.h>
#include <linux/rtnetlink.h>
#include <netlink/netlink.h>

#include <algorithm>
#include <fstream>

#include "network.hpp"
#include "os/netlink_socket.hpp"

namespace cluster_lab::os::test {
namespace {

const VxlanSpec kSpec{.vni = Vni{200}, .port = 14789, .group = "ff12::c1ab:c8"};

VxlanSpec with(auto change) {
  auto spec = kSpec;
  change(spec);
  return spec;
}

}  // namespace

TEST_CASE("netlink: a VXLAN is made with all that was asked, and made again is the same") {
  if (!enterNamespace()) return;
  plugCable();
  const auto netlink = openNetlink();
  const auto made = netlink->ensureVxlan("va", kSpec, "cluster200");
  REQUIRE(made);
  CHECK(made->name == "cluster200");
  CHECK(made->kind == "vxlan");
  CHECK(made->vni == Vni{200});
  CHECK(made->vxlanPort == 14789);
  CHECK(made->parentIndex == linkOf(*netlink, "va").index);
  CHECK(made->mac == linkOf(*netlink, "va").mac);
  CHECK_FALSE(made->up);
  CHECK(made->ours);
  CHECK_FALSE(linkOf(*netlink, "va").ours);
  const auto shown = ipOutput("-d link show cluster200");
  INFO(shown);
  CHECK(shown.find("group ff12::c1ab:c8 dev va") != std::string::npos);
  CHECK(shown.find("ttl 1 ") != std::string::npos);
  CHECK(shown.find("nolearning") == std::string::npos);
  CHECK(shown.find(" udp6zerocsumrx") != std::string::npos);
  CHECK(netlink->ensureVxlan("va", kSpec, "cluster200") == *made);
}

TEST_CASE("netlink: a link of the wanted name that differs is left alone and named") {
  if (!enterNamespace()) return;
  plugCable();
  const auto netlink = openNetlink();
  const auto made = netlink->ensureVxlan("va", kSpec, "cluster200");
  REQUIRE(made);
  const auto otherId = with([](VxlanSpec& spec) { spec.vni.value = 201; });
  const auto otherPort = with([](VxlanSpec& spec) { spec.port = 4789; });
  const auto otherGroup = with([](VxlanSpec& spec) { spec.group = "ff12::1"; });
  const auto differs = netlink->ensureVxlan("va", otherId, "cluster200");
  REQUIRE_FALSE(differs);
  CHECK(differs.error().code == ErrorCode::AlreadyExists);
  CHECK(differs.error().message ==
        "set up VXLAN 201 on va: cluster200 exists and is VXLAN 200, port 14789, group "
        "ff12::c1ab:c8 on va, not VXLAN 201, port 14789, group ff12::c1ab:c8 on va");
  CHECK_FALSE(differs.error().remedy.empty());
  CHECK(codeOf(netlink->ensureVxlan("va", otherPort, "cluster200")) == ErrorCode::AlreadyExists);
  CHECK(codeOf(netlink->ensureVxlan("va", otherGroup, "cluster200")) == ErrorCode::AlreadyExists);
  CHECK(codeOf(netlink->ensureVxlan("vb", kSpec, "cluster200")) == ErrorCode::AlreadyExists);
  CHECK(codeOf(netlink->ensureVxlan("va", kSpec, "vb")) == ErrorCode::AlreadyExists);
  CHECK(codeOf(netlink->ensureVlan("va", VlanId{200}, "cluster200")) == ErrorCode::AlreadyExists);
  CHECK(linkOf(*netlink, "cluster200") == *made);
}

TEST_CASE("netlink: an id that another link has already is told with that link's name") {
  if (!enterNamespace()) return;
  plugCable();
  const auto netlink = openNetlink();
  REQUIRE(netlink->ensureVxlan("va", kSpec, "docker-net"));
  const auto second = netlink->ensureVxlan("va", kSpec, "cluster200");
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::AlreadyExists);
  CHECK(second.error().message.find("is there already, as docker-net") != std::string::npos);
}

TEST_CASE("netlink: without the parent it is NotFound, with a bad name InvalidArgument") {
  if (!enterNamespace()) return;
  plugCable();
  const auto netlink = openNetlink();
  const auto made = netlink->ensureVxlan("eth7", kSpec, "cluster200");
  REQUIRE_FALSE(made);
  CHECK(made.error().code == ErrorCode::NotFound);
  CHECK(made.error().message == "set up VXLAN 200 on eth7: no interface eth7");
  CHECK(codeOf(netlink->ensureVlan("eth7", VlanId{200}, "eth7.200")) == ErrorCode::NotFound);
  const auto longName = netlink->ensureVxlan("va", kSpec, "sixteen-letters-");
  CHECK(codeOf(longName) == ErrorCode::InvalidArgument);
}

TEST_CASE("netlink: a VLAN is made, or the kernel's lack of 802.1Q is told with the remedy") {
  if (!enterNamespace()) return;
  plugCable();
  const auto netlink = openNetlink();
  const auto made = netlink->ensureVlan("va", VlanId{200}, "va.200");
  if (!made) {
    CHECK(made.error().code == ErrorCode::Unsupported);
    CHECK(made.error().message ==
          "set up VLAN 200 on va: this kernel has no 802.1Q VLAN support (module 8021q)");
    CHECK(made.error().remedy.find("link.kind=vxlan") != std::string::npos);
    return;
  }
  CHECK(made->kind == "vlan");
  CHECK(made->vlan == VlanId{200});
  CHECK(made->parentIndex == linkOf(*netlink, "va").index);
  CHECK(netlink->ensureVlan("va", VlanId{200}, "va.200") == *made);
  CHECK(codeOf(netlink->ensureVlan("va", VlanId{201}, "va.200")) == ErrorCode::AlreadyExists);
  CHECK(codeOf(netlink->ensureVlan("va", VlanId{200}, "other")) == ErrorCode::AlreadyExists);
}

TEST_CASE("netlink: a link is switched on and off, and its carrier is the other end's") {
  if (!enterNamespace()) return;
  plugCable();
  const auto netlink = openNetlink();
  CHECK(linkOf(*netlink, "va").carrier);
  REQUIRE(netlink->setUp("vb", false));
  CHECK(linkOf(*netlink, "va").up);
  CHECK_FALSE(linkOf(*netlink, "va").carrier);
  REQUIRE(netlink->setUp("vb", true));
  CHECK(linkOf(*netlink, "va").carrier);
  CHECK(codeOf(netlink->setUp("none", true)) == ErrorCode::NotFound);
}

TEST_CASE(
    "netlink: a VXLAN on a parent without IPv6 cannot be switched on, and the error says so") {
  if (!enterNamespace()) return;
  plugCable();
  std::ofstream("/proc/sys/net/ipv6/conf/va/disable_ipv6") << "1";
  const auto netlink = openNetlink();
  auto made = Result<void>{};
  if (const auto link = netlink->ensureVxlan("va", kSpec, "cluster200"); !link) {
    made = fail(link.error());
  } else {
    made = netlink->setUp("cluster200", true);
  }
  REQUIRE_FALSE(made);
  CHECK(made.error().code == ErrorCode::Unsupported);
  CHECK(made.error().remedy == "sysctl -w net.ipv6.conf.va.disable_ipv6=0");
}

TEST_CASE("netlink: a link is removed, and again without complaint") {
  if (!enterNamespace()) return;
  plugCable();
  const auto netlink = openNetlink();
  REQUIRE(netlink->ensureVxlan("va", kSpec, "cluster200"));
  CHECK(netlink->removeLink("cluster200"));
  CHECK(codeOf(netlink->link("cluster200")) == ErrorCode::NotFound);
  CHECK(netlink->removeLink("cluster200"));
  const auto links = netlink->links();
  REQUIRE(links);
  CHECK(std::ranges::count(*links, std::string("veth"), &LinkInfo::kind) == 2);
}

TEST_CASE("netlink: without CAP_NET_ADMIN one may look and not touch, and is told the remedy") {
  if (!enterNamespace()) return;
  plugCable();
  const auto netlink = openNetlink();
  const auto index = linkOf(*netlink, "va").index;
  const Without capability(CAP_NET_ADMIN);
  const auto made = netlink->ensureVxlan("va", kSpec, "cluster200");
  REQUIRE_FALSE(made);
  CHECK(made.error().code == ErrorCode::PermissionDenied);
  CHECK(made.error().remedy == "run as root or with the capability CAP_NET_ADMIN");
  CHECK(codeOf(netlink->setUp("va", false)) == ErrorCode::PermissionDenied);
  CHECK(codeOf(netlink->removeLink("va")) == ErrorCode::PermissionDenied);
  CHECK(codeOf(netlink->setAddress(index, Ipv4(0xC0A8C801), 24, {})) ==
        ErrorCode::PermissionDenied);
  CHECK(netlink->links());
}

TEST_CASE("netlink: a kernel that does not answer is TimedOut, and the next request works") {
  if (!enterNamespace()) return;
  auto socket = NetlinkSocket::open();
  REQUIRE(socket);
  const auto silent =
      (*socket)->request("wait", [](nl_sock* sock) { return nl_recvmsgs_default(sock); });
  CHECK(codeOf(silent) == ErrorCode::TimedOut);
  CHECK((*socket)->request("list", [](nl_sock* sock) {
    rtgenmsg all{};
    const int sent = nl_send_simple(sock, RTM_GETLINK, NLM_F_DUMP, &all, sizeof all);
    return sent < 0 ? sent : nl_recvmsgs_default(sock);
  }));
}

}  // namespace cluster_lab::os::test

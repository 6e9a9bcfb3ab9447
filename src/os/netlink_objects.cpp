#include "os/netlink_objects.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/if.h>
#include <linux/if_ether.h>
#include <netlink/addr.h>
#include <netlink/cache.h>
#include <netlink/msg.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/link/vlan.h>
#include <netlink/route/link/vxlan.h>
#include <netlink/route/neighbour.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace cluster_lab::os {
namespace {

constexpr int kNetlinkOk = 0;

MacAddress macOf(rtnl_link* link) {
  MacAddress mac;
  nl_addr* const address = rtnl_link_get_addr(link);
  if (address == nullptr || nl_addr_get_len(address) != mac.bytes.size()) return mac;
  std::memcpy(mac.bytes.data(), nl_addr_get_binary_addr(address), mac.bytes.size());
  return mac;
}

std::string vxlanGroup(rtnl_link* link) {
  nl_addr* found = nullptr;
  if (rtnl_link_vxlan_get_group(link, &found) != kNetlinkOk) return {};
  const NetlinkPtr<nl_addr> group(found);
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(nl_addr_get_family(group.get()), nl_addr_get_binary_addr(group.get()), text.data(),
            text.size());
  return text.data();
}

/// IFLA_LINK; a VXLAN keeps its parent in an attribute of its own.
int parentOf(rtnl_link* link) {
  std::uint32_t index = 0;
  if (rtnl_link_is_vxlan(link) != 0 && rtnl_link_vxlan_get_link(link, &index) == kNetlinkOk) {
    return static_cast<int>(index);
  }
  return rtnl_link_get_link(link);
}

std::uint16_t vxlanPort(rtnl_link* link) {
  std::uint32_t port = 0;
  rtnl_link_vxlan_get_port(link, &port);
  return static_cast<std::uint16_t>(port);
}

std::uint32_t vxlanId(rtnl_link* link) {
  std::uint32_t id = 0;
  rtnl_link_vxlan_get_id(link, &id);
  return id;
}

std::string kindOf(rtnl_link* link) {
  const char* const kind = rtnl_link_get_type(link);
  return kind == nullptr ? "" : kind;
}

void fillVlan(rtnl_link* link, const LinkShape& shape) {
  rtnl_link_set_type(link, "vlan");
  rtnl_link_set_link(link, shape.parentIndex);
  rtnl_link_vlan_set_id(link, static_cast<std::uint16_t>(shape.id));
}

void fillVxlan(rtnl_link* link, const LinkShape& shape, MacAddress mac) {
  rtnl_link_set_type(link, "vxlan");
  rtnl_link_vxlan_set_id(link, shape.id);
  rtnl_link_vxlan_set_link(link, static_cast<std::uint32_t>(shape.parentIndex));
  rtnl_link_vxlan_set_port(link, shape.port);
  in6_addr group{};
  inet_pton(AF_INET6, shape.group.c_str(), &group);
  const NetlinkPtr<nl_addr> address(nl_addr_build(AF_INET6, &group, sizeof group));
  rtnl_link_vxlan_set_group(link, address.get());
  rtnl_link_vxlan_set_ttl(link, 1);  // link-local: never behind a router
  rtnl_link_vxlan_set_learning(link, 1);
  // We send checksums (RFC 8200 section 8.1) and accept what comes without (RFC 6935).
  rtnl_link_vxlan_set_udp_zero_csum6_rx(link, 1);
  // As a VLAN has it: else the kernel dices a new one at each start, and the node's DHCP client id,
  // which is the MAC, with it.
  const NetlinkPtr<nl_addr> own(nl_addr_build(AF_LLC, mac.bytes.data(), mac.bytes.size()));
  rtnl_link_set_addr(link, own.get());
}

}  // namespace

void NetlinkRelease::operator()(rtnl_link* link) const {
  rtnl_link_put(link);
}
void NetlinkRelease::operator()(rtnl_addr* address) const {
  rtnl_addr_put(address);
}

void NetlinkRelease::operator()(rtnl_neigh* neighbour) const {
  rtnl_neigh_put(neighbour);
}
void NetlinkRelease::operator()(nl_addr* address) const {
  nl_addr_put(address);
}
void NetlinkRelease::operator()(nl_cache* cache) const {
  nl_cache_free(cache);
}
void NetlinkRelease::operator()(nl_msg* message) const {
  nlmsg_free(message);
}

LinkInfo toLinkInfo(rtnl_link* link) {
  LinkInfo info;
  info.index = rtnl_link_get_ifindex(link);
  const char* const name = rtnl_link_get_name(link);
  info.name = name == nullptr ? "" : name;
  info.kind = kindOf(link);
  const char* const alias = rtnl_link_get_ifalias(link);
  info.ours = alias != nullptr && std::string_view(alias) == kOurAlias;
  info.parentIndex = parentOf(link);
  if (rtnl_link_is_vlan(link) != 0) {
    info.vlan = VlanId{static_cast<std::uint16_t>(rtnl_link_vlan_get_id(link))};
  }
  if (rtnl_link_is_vxlan(link) != 0) {
    info.vni = Vni{vxlanId(link)};
    info.vxlanPort = vxlanPort(link);
  }
  info.mac = macOf(link);
  info.mtu = rtnl_link_get_mtu(link);
  info.up = (rtnl_link_get_flags(link) & IFF_UP) != 0;
  info.carrier = (rtnl_link_get_flags(link) & IFF_LOWER_UP) != 0;
  return info;
}

LinkShape shapeOf(rtnl_link* link) {
  LinkShape shape;
  shape.kind = kindOf(link);
  shape.parentIndex = parentOf(link);
  if (rtnl_link_is_vlan(link) != 0) {
    shape.id = static_cast<std::uint32_t>(rtnl_link_vlan_get_id(link));
    // libnl hands it on in network order.
    if (rtnl_link_vlan_get_protocol(link) != htons(ETH_P_8021Q)) shape.kind = "802.1ad vlan";
  }
  if (rtnl_link_is_vxlan(link) != 0) {
    shape.id = vxlanId(link);
    shape.port = vxlanPort(link);
    shape.group = vxlanGroup(link);
  }
  return shape;
}

std::string describe(const LinkShape& shape, std::string_view parentName) {
  const auto on = parentName.empty() ? "" : fmt::format(" on {}", parentName);
  if (shape.kind.empty()) return "hardware";
  if (shape.kind == "vlan") return fmt::format("VLAN {}{}", shape.id, on);
  if (shape.kind != "vxlan") return fmt::format("of kind {}{}", shape.kind, on);
  return fmt::format("VXLAN {}, port {}, group {}{}", shape.id, shape.port,
                     shape.group.empty() ? "none" : shape.group, on);
}

NetlinkPtr<rtnl_link> makeLink(std::string_view name, const LinkShape& shape,
                               MacAddress parentMac) {
  NetlinkPtr<rtnl_link> link(rtnl_link_alloc());
  rtnl_link_set_name(link.get(), std::string(name).c_str());
  if (shape.kind == "vlan") {
    fillVlan(link.get(), shape);
  } else {
    fillVxlan(link.get(), shape, parentMac);
  }
  return link;
}

AddressInfo toAddressInfo(rtnl_addr* address) {
  std::uint32_t networkOrder = 0;
  std::memcpy(&networkOrder, nl_addr_get_binary_addr(rtnl_addr_get_local(address)),
              sizeof networkOrder);
  return {rtnl_addr_get_ifindex(address), Ipv4(ntohl(networkOrder)),
          rtnl_addr_get_prefixlen(address)};
}

NetlinkPtr<rtnl_addr> makeAddress(const AddressInfo& info) {
  NetlinkPtr<rtnl_addr> address(rtnl_addr_alloc());
  const std::uint32_t local = htonl(info.address.hostOrder());
  const NetlinkPtr<nl_addr> ip(nl_addr_build(AF_INET, &local, sizeof local));
  nl_addr_set_prefixlen(ip.get(), info.prefixLength);
  rtnl_addr_set_ifindex(address.get(), info.linkIndex);
  rtnl_addr_set_local(address.get(), ip.get());
  return address;
}

NetlinkPtr<rtnl_neigh> makeNeighbour(int linkIndex, Ipv4 address) {
  NetlinkPtr<rtnl_neigh> neighbour(rtnl_neigh_alloc());
  const std::uint32_t bytes = htonl(address.hostOrder());
  const NetlinkPtr<nl_addr> ip(nl_addr_build(AF_INET, &bytes, sizeof bytes));
  rtnl_neigh_set_ifindex(neighbour.get(), linkIndex);
  rtnl_neigh_set_dst(neighbour.get(), ip.get());
  return neighbour;
}

bool isIpv4(rtnl_addr* address) {
  nl_addr* const local = rtnl_addr_get_local(address);
  return local != nullptr && nl_addr_get_family(local) == AF_INET &&
         nl_addr_get_len(local) == sizeof(std::uint32_t);
}

}  // namespace cluster_lab::os

#pragma once

#include <memory>

#include "os/netlink.hpp"

struct nl_addr;
struct nl_cache;
struct nl_msg;
struct rtnl_addr;
struct rtnl_link;
struct rtnl_neigh;

namespace cluster_lab::os {

struct NetlinkRelease {
  void operator()(rtnl_link* link) const;
  void operator()(rtnl_addr* address) const;
  void operator()(rtnl_neigh* neighbour) const;
  void operator()(nl_addr* address) const;
  void operator()(nl_cache* cache) const;
  void operator()(nl_msg* message) const;
};
template <typename T>
using NetlinkPtr = std::unique_ptr<T, NetlinkRelease>;

/// Alias (ip-link(8)) of the links that we made: tells them from others after a crash, too.
inline constexpr const char* kOurAlias = "cluster-lab";

/// What makes two links the same to ensureVlan and ensureVxlan.
struct LinkShape {
  std::string kind;
  int parentIndex = 0;
  std::uint32_t id = 0;    ///< VLAN id or VNI
  std::uint16_t port = 0;  ///< VXLAN: UDP port
  std::string group;       ///< VXLAN: multicast group

  bool operator==(const LinkShape&) const = default;
};

[[nodiscard]] LinkInfo toLinkInfo(rtnl_link* link);
[[nodiscard]] LinkShape shapeOf(rtnl_link* link);
/// "VXLAN 200, port 14789, group ff12::c1ab:c8, on eth0".
[[nodiscard]] std::string describe(const LinkShape& shape, std::string_view parentName);
/// A link as ensureVlan or ensureVxlan asks the kernel for; `parentMac` becomes a VXLAN's own.
[[nodiscard]] NetlinkPtr<rtnl_link> makeLink(std::string_view name, const LinkShape& shape,
                                             MacAddress parentMac);

/// Only of IPv4 addresses.
[[nodiscard]] AddressInfo toAddressInfo(rtnl_addr* address);
[[nodiscard]] NetlinkPtr<rtnl_addr> makeAddress(const AddressInfo& info);
[[nodiscard]] bool isIpv4(rtnl_addr* address);
/// Names an entry of the neighbour table (ARP).
[[nodiscard]] NetlinkPtr<rtnl_neigh> makeNeighbour(int linkIndex, Ipv4 address);

}  // namespace cluster_lab::os

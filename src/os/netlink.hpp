#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/ipv4.hpp"
#include "base/link_id.hpp"
#include "base/mac_address.hpp"

namespace cluster_lab::os {

class EventLoop;

/// An interface as the kernel has it.
struct LinkInfo {
  int index = 0;
  std::string name;
  std::string kind;     ///< "vlan", "vxlan", "veth", ...; empty for hardware
  int parentIndex = 0;  ///< IFLA_LINK; 0: none
  std::optional<VlanId> vlan;
  std::optional<Vni> vni;
  std::uint16_t vxlanPort = 0;
  MacAddress mac;
  unsigned mtu = 0;
  bool up = false;       ///< IFF_UP: switched on
  bool carrier = false;  ///< IFF_LOWER_UP: something at the other end
  bool ours = false;     ///< made by ensureVlan or ensureVxlan, perhaps of an earlier process

  bool operator==(const LinkInfo&) const = default;
};

struct AddressInfo {
  int linkIndex = 0;
  Ipv4 address;
  int prefixLength = 0;

  bool operator==(const AddressInfo&) const = default;
};

/// What a VXLAN link is made of (RFC 7348), over IPv6 link-local multicast on its parent, whose MAC
/// address it gets, as a VLAN does. It carries nothing while the parent's link-local address is
/// tentative: a second or two after the parent's start (RFC 4862 section 5.4).
struct VxlanSpec {
  Vni vni;
  std::uint16_t port = 14789;
  std::string group = "ff12::c1ab:c8";
};

/// The kernel's links and IPv4 addresses through one rtnetlink socket (libnl-route-3). Calls block
/// until the kernel has acknowledged (microseconds). Loop thread only. Errors: PermissionDenied
/// without CAP_NET_ADMIN, Unsupported where the kernel has no such link kind, both with a remedy.
class Netlink {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Netlink>> open();
  ~Netlink();
  Netlink(const Netlink&) = delete;
  Netlink& operator=(const Netlink&) = delete;

  /// NotFound: no such interface.
  [[nodiscard]] Result<LinkInfo> link(std::string_view name);
  [[nodiscard]] Result<std::vector<LinkInfo>> links();
  /// Makes `name` carry VLAN `id` of `parent`. Already exactly so: success (a start is repeated).
  /// A link of that name that differs: AlreadyExists naming both, left alone.
  [[nodiscard]] Result<LinkInfo> ensureVlan(std::string_view parent, VlanId id,
                                            std::string_view name);
  /// The same for VXLAN.
  [[nodiscard]] Result<LinkInfo> ensureVxlan(std::string_view parent, const VxlanSpec& spec,
                                             std::string_view name);
  [[nodiscard]] Result<void> setUp(std::string_view name, bool up);
  /// No such link: success.
  [[nodiscard]] Result<void> removeLink(std::string_view name);

  [[nodiscard]] Result<std::vector<AddressInfo>> addresses(int linkIndex);
  /// Adds the address, or renews its lifetime (the monitor tells both). `validFor`: the kernel
  /// removes the address by itself after that long (valid_lft); nullopt: forever. No prefix route
  /// twice, no duplicates; the link's other addresses of the subnet outlive it
  /// (promote_secondaries).
  [[nodiscard]] Result<void> setAddress(int linkIndex, Ipv4 address, int prefixLength,
                                        std::optional<std::chrono::seconds> validFor);
  /// No such address: success.
  [[nodiscard]] Result<void> removeAddress(int linkIndex, Ipv4 address, int prefixLength);
  /// The kernel asks anew (ARP) who has the address. Nothing known of it: success.
  [[nodiscard]] Result<void> forgetNeighbour(int linkIndex, Ipv4 address);

 private:
  struct Impl;
  explicit Netlink(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Tells of changes of links and IPv4 addresses (rtnetlink multicast groups). Loop thread only.
class NetlinkMonitor {
 public:
  struct Events {
    std::function<void(const LinkInfo&)> linkChanged;
    std::function<void(const LinkInfo&)> linkRemoved;
    std::function<void(const AddressInfo&)> addressAdded;
    std::function<void(const AddressInfo&)> addressRemoved;
    /// The kernel dropped events (ENOBUFS): read everything anew.
    std::function<void()> lost;
  };
  [[nodiscard]] static Result<std::unique_ptr<NetlinkMonitor>> open(EventLoop& loop, Events events);
  virtual ~NetlinkMonitor() = default;
};

}  // namespace cluster_lab::os

#include "os/netlink.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/if.h>
#include <linux/ip.h>
#include <netlink/cache.h>
#include <netlink/errno.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/link/inet.h>
#include <netlink/route/neighbour.h>
#include <sys/socket.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "os/netlink_objects.hpp"
#include "os/netlink_socket.hpp"

namespace cluster_lab::os {
namespace {

/// What a valid_lft of "forever" is (linux/if_addr.h, INFINITY_LIFE_TIME).
constexpr std::uint32_t kForever = std::numeric_limits<std::uint32_t>::max();

Result<void> checkName(std::string_view name) {
  if (!name.empty() && name.size() < IFNAMSIZ) return {};
  return fail(ErrorCode::InvalidArgument,
              fmt::format("'{}' is no interface name: 1 to 15 characters", name));
}

Error withoutIpv6(std::string_view parentName) {
  return {ErrorCode::Unsupported, fmt::format("IPv6 is off on {}, and VXLAN needs it", parentName),
          fmt::format("sysctl -w net.ipv6.conf.{}.disable_ipv6=0", parentName)};
}

bool says(const Error& error, std::string_view kernelWords) {
  return error.message.find(kernelWords) != std::string::npos;
}

/// What the kernel said to a link, in our words where its own do not help.
Error explained(const Error& error, const LinkShape& wanted, std::string_view parentName) {
  if (says(error, "IPv6 support disabled")) return withoutIpv6(parentName);
  // Some kernels say it in errno alone; "VLANs not supported on device" is the parent's matter.
  if (error.code != ErrorCode::Unsupported || says(error, "on device")) return error;
  if (wanted.kind == "vlan") {
    return {ErrorCode::Unsupported, "this kernel has no 802.1Q VLAN support (module 8021q)",
            "modprobe 8021q, or set link.kind=vxlan on all nodes"};
  }
  return {ErrorCode::Unsupported, "this kernel has no VXLAN support (module vxlan)",
          "modprobe vxlan, or set link.kind=vlan or none on all nodes"};
}

template <typename Object, typename Visit>
void forEach(nl_cache* cache, Visit visit) {
  for (auto* object = nl_cache_get_first(cache); object != nullptr;
       object = nl_cache_get_next(object)) {
    visit(reinterpret_cast<Object*>(object));
  }
}

}  // namespace

struct Netlink::Impl {
  explicit Impl(std::unique_ptr<NetlinkSocket> opened) : socket(std::move(opened)) {}

  Result<NetlinkPtr<rtnl_link>> find(std::string_view name) {
    if (auto checked = checkName(name); !checked) return fail(checked.error());
    return get(fmt::format("look at interface {}", name), 0, std::string(name));
  }

  Result<NetlinkPtr<rtnl_link>> find(int index) {
    return get(fmt::format("look at interface {}", index), index, {});
  }

  Result<NetlinkPtr<rtnl_link>> get(const std::string& doing, int index, const std::string& name) {
    rtnl_link* found = nullptr;
    auto asked = socket->request(doing, [&](nl_sock* sock) {
      return rtnl_link_get_kernel(sock, index, name.empty() ? nullptr : name.c_str(), &found);
    });
    NetlinkPtr<rtnl_link> link(found);
    if (asked) return link;
    if (asked.error().code != ErrorCode::NotFound) return fail(asked.error());
    return fail(ErrorCode::NotFound, name.empty() ? fmt::format("no interface {}", index)
                                                  : fmt::format("no interface {}", name));
  }

  Result<NetlinkPtr<nl_cache>> allLinks() {
    nl_cache* cache = nullptr;
    auto asked = socket->request("list the interfaces", [&](nl_sock* sock) {
      return rtnl_link_alloc_cache(sock, AF_UNSPEC, &cache);
    });
    if (!asked) return fail(asked.error());
    return NetlinkPtr<nl_cache>(cache);
  }

  std::string nameOf(int index) {
    const auto link = index == 0 ? fail(ErrorCode::NotFound, "") : find(index);
    return link ? toLinkInfo(link->get()).name : "";
  }

  std::string describeLink(const LinkShape& shape) {
    return describe(shape, nameOf(shape.parentIndex));
  }

  Result<LinkInfo> ensure(std::string_view parentName, std::string_view name, LinkShape wanted) {
    const auto parent = find(parentName);
    if (!parent) return fail(parent.error());
    const auto parentInfo = toLinkInfo(parent->get());
    wanted.parentIndex = parentInfo.index;
    const auto existing = find(name);
    if (!existing && existing.error().code != ErrorCode::NotFound) return fail(existing.error());
    if (existing) return compare(existing->get(), name, wanted);
    if (auto added = add(name, wanted, parentInfo.mac); !added) return fail(added.error());
    if (auto marked = markOurs(name); !marked) return fail(marked.error());
    const auto made = find(name);
    if (!made) return fail(made.error());
    return toLinkInfo(made->get());
  }

  Result<LinkInfo> compare(rtnl_link* existing, std::string_view name, const LinkShape& wanted) {
    const auto shape = shapeOf(existing);
    if (shape == wanted) return toLinkInfo(existing);
    return fail(
        ErrorCode::AlreadyExists,
        fmt::format("{} exists and is {}, not {}", name, describeLink(shape), describeLink(wanted)),
        fmt::format("remove it (ip link delete {}) or give the cluster link another name "
                    "or id in the configuration",
                    name));
  }

  Result<void> add(std::string_view name, const LinkShape& wanted, MacAddress parentMac) {
    const auto link = makeLink(name, wanted, parentMac);
    auto added = socket->request(fmt::format("add link {}", name), [&](nl_sock* sock) {
      return rtnl_link_add(sock, link.get(), NLM_F_CREATE | NLM_F_EXCL);
    });
    if (added) return {};
    if (added.error().code == ErrorCode::AlreadyExists) {
      return fail(takenBy(added.error(), wanted));
    }
    return fail(explained(added.error(), wanted, nameOf(wanted.parentIndex)));
  }

  Result<void> markOurs(std::string_view name) {
    const auto link = find(name);
    if (!link) return fail(link.error());
    const NetlinkPtr<rtnl_link> changes(rtnl_link_alloc());
    rtnl_link_set_ifalias(changes.get(), kOurAlias);
    return change(fmt::format("mark link {}", name), link->get(), changes.get());
  }

  /// Who has the VLAN id or the VNI already, under another name.
  Error takenBy(const Error& error, const LinkShape& wanted) {
    const auto all = allLinks();
    if (!all) return error;
    std::string name;
    forEach<rtnl_link>(all->get(), [&](rtnl_link* link) {
      const auto shape = shapeOf(link);
      const bool collides = shape.kind == wanted.kind && shape.id == wanted.id &&
                            (shape.kind == "vxlan" ? shape.port == wanted.port
                                                   : shape.parentIndex == wanted.parentIndex);
      if (collides) name = rtnl_link_get_name(link);
    });
    if (name.empty()) return error;
    return {ErrorCode::AlreadyExists,
            fmt::format("{} is there already, as {}", describeLink(wanted), name),
            fmt::format("remove it (ip link delete {}) or choose another id for the cluster link",
                        name)};
  }

  Result<void> change(std::string_view doing, rtnl_link* link, rtnl_link* changes) {
    return socket->request(doing,
                           [&](nl_sock* sock) { return rtnl_link_change(sock, link, changes, 0); });
  }

  Result<std::vector<AddressInfo>> addresses(int linkIndex) {
    nl_cache* cache = nullptr;
    auto asked = socket->request(
        "list the addresses", [&](nl_sock* sock) { return rtnl_addr_alloc_cache(sock, &cache); });
    if (!asked) return fail(asked.error());
    const NetlinkPtr<nl_cache> owned(cache);
    std::vector<AddressInfo> all;
    forEach<rtnl_addr>(cache, [&](rtnl_addr* address) {
      if (rtnl_addr_get_ifindex(address) == linkIndex && isIpv4(address)) {
        all.push_back(toAddressInfo(address));
      }
    });
    return all;
  }

  /// net.ipv4.conf.LINK.promote_secondaries: without it the kernel removes, with the first address
  /// of a subnet, all others of it: with the leader address the node's own.
  Result<void> keepOtherAddresses(int linkIndex) {
    const auto link = find(linkIndex);
    if (!link) return fail(link.error());
    const NetlinkPtr<rtnl_link> changes(rtnl_link_alloc());
    rtnl_link_inet_set_conf(changes.get(), IPV4_DEVCONF_PROMOTE_SECONDARIES, 1);
    return change("set promote_secondaries", link->get(), changes.get());
  }

  Result<void> put(const AddressInfo& info, std::uint32_t seconds) {
    const auto address = makeAddress(info);
    const auto hostBits = info.prefixLength == 0 ? ~0U : (~0U >> unsigned(info.prefixLength));
    const std::uint32_t broadcast = htonl(info.address.hostOrder() | hostBits);
    const NetlinkPtr<nl_addr> all(nl_addr_build(AF_INET, &broadcast, sizeof broadcast));
    if (info.prefixLength < 31) rtnl_addr_set_broadcast(address.get(), all.get());
    rtnl_addr_set_valid_lifetime(address.get(), seconds);
    rtnl_addr_set_preferred_lifetime(address.get(), seconds);
    return socket->request(
        fmt::format("set address {}/{}", info.address.toString(), info.prefixLength),
        [&](nl_sock* sock) {
          return rtnl_addr_add(sock, address.get(), NLM_F_CREATE | NLM_F_REPLACE);
        });
  }

  std::unique_ptr<NetlinkSocket> socket;
};

Result<std::unique_ptr<Netlink>> Netlink::open() {
  auto socket = NetlinkSocket::open();
  if (!socket) return fail(socket.error());
  return std::unique_ptr<Netlink>(new Netlink(std::make_unique<Impl>(std::move(*socket))));
}

Netlink::Netlink(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Netlink::~Netlink() = default;

Result<LinkInfo> Netlink::link(std::string_view name) {
  const auto found = impl_->find(name);
  if (!found) return fail(found.error());
  return toLinkInfo(found->get());
}

Result<std::vector<LinkInfo>> Netlink::links() {
  const auto cache = impl_->allLinks();
  if (!cache) return fail(cache.error());
  std::vector<LinkInfo> all;
  forEach<rtnl_link>(cache->get(), [&](rtnl_link* link) { all.push_back(toLinkInfo(link)); });
  return all;
}

Result<LinkInfo> Netlink::ensureVlan(std::string_view parent, VlanId id, std::string_view name) {
  auto made = impl_->ensure(parent, name, {"vlan", 0, id.value, 0, {}});
  if (!made)
    return fail(made.error().during(fmt::format("set up VLAN {} on {}", id.value, parent)));
  return made;
}

Result<LinkInfo> Netlink::ensureVxlan(std::string_view parent, const VxlanSpec& spec,
                                      std::string_view name) {
  auto made = impl_->ensure(parent, name, {"vxlan", 0, spec.vni.value, spec.port, spec.group});
  if (!made) {
    return fail(made.error().during(fmt::format("set up VXLAN {} on {}", spec.vni.value, parent)));
  }
  return made;
}

Result<void> Netlink::setUp(std::string_view name, bool up) {
  const auto link = impl_->find(name);
  if (!link) return fail(link.error());
  const NetlinkPtr<rtnl_link> changes(rtnl_link_alloc());
  if (up) {
    rtnl_link_set_flags(changes.get(), IFF_UP);
  } else {
    rtnl_link_unset_flags(changes.get(), IFF_UP);
  }
  auto set = impl_->change(fmt::format("switch {} {}", name, up ? "on" : "off"), link->get(),
                           changes.get());
  // A VXLAN joins its group when it is switched on, which the parent without IPv6 refuses.
  const int error = impl_->socket->kernelErrno();
  if (!set && shapeOf(link->get()).kind == "vxlan" && (error == EACCES || error == EINVAL)) {
    const auto parent = impl_->nameOf(shapeOf(link->get()).parentIndex);
    return fail(withoutIpv6(parent).during(fmt::format("switch {} on", name)));
  }
  return set;
}

Result<void> Netlink::removeLink(std::string_view name) {
  const auto link = impl_->find(name);
  if (!link && link.error().code == ErrorCode::NotFound) return {};
  if (!link) return fail(link.error());
  auto removed = impl_->socket->request(fmt::format("remove link {}", name), [&](nl_sock* sock) {
    return rtnl_link_delete(sock, link->get());
  });
  if (!removed && removed.error().code == ErrorCode::NotFound) return {};
  return removed;
}

Result<std::vector<AddressInfo>> Netlink::addresses(int linkIndex) {
  return impl_->addresses(linkIndex);
}

Result<void> Netlink::setAddress(int linkIndex, Ipv4 address, int prefixLength,
                                 std::optional<std::chrono::seconds> validFor) {
  const AddressInfo wanted{linkIndex, address, prefixLength};
  const auto present = impl_->addresses(linkIndex);
  if (!present) return fail(present.error());
  if (std::ranges::find(*present, wanted) == present->end()) {
    if (auto kept = impl_->keepOtherAddresses(linkIndex); !kept) return kept;
  }
  for (const auto& other : *present) {
    if (other.address != address || other.prefixLength == prefixLength) continue;
    if (auto removed = removeAddress(linkIndex, address, other.prefixLength); !removed) {
      return removed;
    }
  }
  const auto seconds = validFor ? std::clamp<std::int64_t>(validFor->count(), 1, kForever - 1)
                                : std::int64_t{kForever};
  return impl_->put(wanted, static_cast<std::uint32_t>(seconds));
}

Result<void> Netlink::removeAddress(int linkIndex, Ipv4 address, int prefixLength) {
  const auto gone = makeAddress({linkIndex, address, prefixLength});
  auto removed =
      impl_->socket->request(fmt::format("remove address {}/{}", address.toString(), prefixLength),
                             [&](nl_sock* sock) { return rtnl_addr_delete(sock, gone.get(), 0); });
  if (!removed && removed.error().code == ErrorCode::NotFound) return {};
  return removed;
}

Result<void> Netlink::forgetNeighbour(int linkIndex, Ipv4 address) {
  const auto neighbour = makeNeighbour(linkIndex, address);
  auto forgotten = impl_->socket->request(
      fmt::format("forget who has {}", address.toString()),
      [&](nl_sock* sock) { return rtnl_neigh_delete(sock, neighbour.get(), 0); });
  if (!forgotten && forgotten.error().code == ErrorCode::NotFound) return {};
  return forgotten;
}

}  // namespace cluster_lab::os

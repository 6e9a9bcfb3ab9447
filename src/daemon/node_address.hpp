#pragma once

#include <functional>
#include <optional>

#include "base/ipv4.hpp"
#include "daemon/node_identity.hpp"
#include "os/netlink.hpp"

namespace cluster_lab::daemon {

/// This node's own address on the cluster link: sets it, moves it, takes it off again, and
/// remembers it over restarts. Loop thread only.
class NodeAddress {
 public:
  /// `changed`: the address now, or none.
  NodeAddress(os::Netlink& netlink, NodeIdentity& identity, int prefixLength,
              std::function<void(Ipv4)> changed);

  /// The link that carries it from now on; an address that was on another link is forgotten.
  void linkUp(int linkIndex);
  void linkDown();
  /// Puts `address` in the place of the one before.
  [[nodiscard]] Result<void> set(Ipv4 address);
  void remove();
  /// The kernel says that an address is gone. Ours is put back: it goes by itself with the leader
  /// address when that was the link's first one (net.ipv4.conf.*.promote_secondaries=0), or by
  /// somebody's hand.
  void kernelRemoved(int linkIndex, Ipv4 address);

  [[nodiscard]] Ipv4 current() const { return current_; }
  /// The one of now, else the one of last time; none where there never was one.
  [[nodiscard]] Ipv4 wish() const;

 private:
  void takeOff(Ipv4 address);
  void become(Ipv4 address);

  os::Netlink& netlink_;
  NodeIdentity& identity_;
  int prefixLength_;
  std::function<void(Ipv4)> changed_;
  std::optional<int> linkIndex_;
  Ipv4 current_;
};

}  // namespace cluster_lab::daemon

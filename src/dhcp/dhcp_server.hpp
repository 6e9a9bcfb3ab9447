#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "dhcp/dnsmasq_config.hpp"
#include "dhcp/lease.hpp"

namespace cluster_lab::os {
class EventLoop;
}

namespace cluster_lab::dhcp {

/// The leader's DHCP server: a dnsmasq of our own as a child, restarted when it ends, whose leases
/// are kept here and by the caller. Loop thread only. start() and stop() wait for the child's end
/// (milliseconds).
class DhcpServer {
 public:
  /// They may call own(), release() and leases(), not start() and stop().
  struct Events {
    /// A client got an address that the table did not know so, or said another name. A later lease
    /// with the same address means that the one before is gone.
    std::function<void(const Lease&)> leaseChanged;
    /// A client gave its address back, or release() was called.
    std::function<void(MacAddress)> leaseReleased;
    /// A client asked and got nothing: every address of the range is leased. At most once a second.
    std::function<void()> exhausted;
    /// A client on the link has taken the offer of another DHCP server. At most once a second.
    std::function<void()> otherServer;
    /// dnsmasq could not be started (NotFound: not installed, with the remedy) or ended; it is
    /// started again by itself.
    std::function<void(const Error&)> failed;
  };

  /// `runDirectory` exists: dnsmasq.conf and a socket are made in it.
  DhcpServer(os::EventLoop& loop, ServerSettings settings, std::filesystem::path runDirectory,
             Events events);
  ~DhcpServer();
  DhcpServer(const DhcpServer&) = delete;
  DhcpServer& operator=(const DhcpServer&) = delete;

  /// Begins to serve with these leases (of the leader before); those outside the range are left
  /// out. The link needs the leader address, now or soon: without it dnsmasq is silent.
  [[nodiscard]] Result<void> start(const std::vector<Lease>& leases);
  /// Ends dnsmasq. The leases stay known until the next start().
  void stop();
  [[nodiscard]] bool running() const;

  /// An address out of the range for the leader itself: the one it has, else `wanted` if free, else
  /// one made from its MAC. No event is called for it. Exhausted: none is free.
  [[nodiscard]] Result<Ipv4> own(MacAddress mac, std::optional<Ipv4> wanted,
                                 const std::string& hostName);
  /// Takes a lease back, of a node long gone, so that another can have its address.
  void release(MacAddress mac);
  [[nodiscard]] std::vector<Lease> leases() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cluster_lab::dhcp

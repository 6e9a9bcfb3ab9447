#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/ipv4.hpp"

namespace cluster_lab::dhcp {

/// What the leader's DHCP and name server is to be.
struct ServerSettings {
  Ipv4Network subnet;
  Ipv4 leaderAddress;
  Ipv4Range range;
  std::chrono::seconds leaseTime{3600};  ///< dnsmasq takes less than 120 s for 120 s
  /// Answers nodes of Cluster Lab only (by vendor class kVendorClass) and is deaf to all others.
  /// For a cluster link that is somebody's LAN (link kind none), whose devices have their own
  /// server.
  bool nodesOnly = false;
  std::uint16_t dnsPort = 8600;  ///< of this machine's name server, which knows the cluster's names
  bool servesNames = true;       ///< else DHCP alone
  std::filesystem::path hook;    ///< of cluster-lab-lease, absolute
};

/// What every node's DHCP client says it is (option 60).
inline constexpr const char* kVendorClass = "cluster-lab";

/// The text of dnsmasq.conf: on the leader address DHCP, and DNS for names below "consul" and for
/// reverse names of the subnet; no client is told of the DNS server.
/// `asRoot`: the daemon runs as root, so dnsmasq shall stay root: its own user could not reach the
/// daemon's socket. As another user dnsmasq stays what it is by itself.
[[nodiscard]] std::string renderDnsmasqConfig(const ServerSettings& settings, bool asRoot);

/// What a line of dnsmasq's log tells that its script does not.
enum class LogMeaning {
  Nothing,
  PoolExhausted,  ///< a client asked and there was no address for it
  OtherServer,    ///< a client here has chosen another DHCP server's offer
};
[[nodiscard]] LogMeaning readDnsmasqLog(std::string_view line);

/// Do dnsmasq's last words tell that it ended because the DNS port is taken?
[[nodiscard]] bool isDnsPortTaken(std::string_view lastWords);

/// Why dnsmasq ended: `error` says how, `lastWords` is the last error line that it wrote, if any.
/// Conflict where another server holds the port of DHCP or DNS.
[[nodiscard]] Error explainDnsmasqFailure(const Error& error, std::string_view lastWords);

}  // namespace cluster_lab::dhcp

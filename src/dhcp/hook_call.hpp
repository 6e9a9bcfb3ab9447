#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/ipv4.hpp"
#include "dhcp/lease.hpp"

namespace cluster_lab::dhcp {

/// Environment variable that tells cluster-lab-lease the daemon's socket; dnsmasq and udhcpc hand
/// their environment on to their scripts.
inline constexpr const char* kSocketVariable = "CLUSTER_LAB_LEASE_SOCKET";
/// What cluster-lab-lease itself adds: the wall clock in seconds since 1970, as dnsmasq reads it.
inline constexpr const char* kNowVariable = "CLUSTER_LAB_NOW";
/// The variables of dnsmasq's and udhcpc's scripts that cluster-lab-lease passes on.
inline constexpr const char* kHookVariables[] = {
    "DNSMASQ_LEASE_EXPIRES", "DNSMASQ_SUPPLIED_HOSTNAME", "ip", "mask", "serverid", "lease"};

/// One run of cluster-lab-lease: how dnsmasq or udhcpc called it.
struct HookCall {
  std::vector<std::string> arguments;  ///< without the program's own name
  std::map<std::string, std::string> environment;

  bool operator==(const HookCall&) const = default;
};

/// The message to the daemon: a line "argument TEXT" or "variable NAME=TEXT" each. A line end
/// inside a text becomes a blank.
[[nodiscard]] std::string encode(const HookCall& call);
[[nodiscard]] Result<HookCall> decodeHookCall(std::string_view message);

/// The daemon's answer: whether it went well, and what the hook shall print (on success to its
/// standard output, else to its standard error).
struct HookAnswer {
  bool ok = true;
  std::string text;

  bool operator==(const HookAnswer&) const = default;
};
[[nodiscard]] std::string encode(const HookAnswer& answer);
[[nodiscard]] Result<HookAnswer> decodeHookAnswer(std::string_view message);

/// What dnsmasq says through its dhcp-script (dnsmasq(8), --dhcp-script and --leasefile-ro).
struct ServerEvent {
  enum class Kind {
    Init,     ///< wants all leases printed
    Given,    ///< "add", or "old": the lease stands
    Expired,  ///< "del" because the wall clock passed its end
    Freed,    ///< "del" because the client gave it back or took another
    Other,    ///< nothing of ours, e.g. "tftp"
  };
  Kind kind = Kind::Other;
  Lease lease;  ///< not for Init and Other

  bool operator==(const ServerEvent&) const = default;
};
[[nodiscard]] Result<ServerEvent> readServerEvent(const HookCall& call);

/// What udhcpc says through its script.
struct ClientEvent {
  enum class Kind { Deconfig, Bound, Renew, Nak, NoAnswer, Other };
  Kind kind = Kind::Other;
  Ipv4 address;  ///< this and the following: of Bound and Renew
  int prefixLength = 0;
  Ipv4 server;  ///< the server identifier; none: the server sent none
  std::chrono::seconds leaseTime{0};

  bool operator==(const ClientEvent&) const = default;
};
[[nodiscard]] Result<ClientEvent> readClientEvent(const HookCall& call);

}  // namespace cluster_lab::dhcp

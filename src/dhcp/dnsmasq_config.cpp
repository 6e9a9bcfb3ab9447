#include "dhcp/dnsmasq_config.hpp"

#include <fmt/format.h>

namespace cluster_lab::dhcp {

namespace {

std::string renderNames(const ServerSettings& settings) {
  if (!settings.servesNames) return "port=0\n";
  return fmt::format(
      "# The cluster's names are the registry's; all others are refused.\n"
      "server=/consul/127.0.0.1#{port}\n"
      "rev-server={subnet},127.0.0.1#{port}\n"
      "cache-size=0\n",
      fmt::arg("port", settings.dnsPort), fmt::arg("subnet", settings.subnet.toString()));
}

}  // namespace

std::string renderDnsmasqConfig(const ServerSettings& settings, bool asRoot) {
  // No `interface`: a match by listen-address alone makes dnsmasq silent when this node loses the
  // leader address, and names it as server identifier also where it is not the link's first.
  std::string text = fmt::format(
      "# Written by cluster-labd; changes are lost.\n"
      "bind-dynamic\n"
      "listen-address={leader}\n"
      "dhcp-range={first},{last},{netmask},{lease}s\n"
      "dhcp-lease-max={size}\n"
      "# No gateway, no DNS server: the cluster's segment leads nowhere else.\n"
      "dhcp-option=3\n"
      "dhcp-option=6\n"
      "dhcp-authoritative\n"
      "dhcp-ignore-clid\n"
      "no-ping\n"
      "leasefile-ro\n"
      "dhcp-script={hook}\n"
      "no-hosts\n"
      "no-resolv\n"
      "pid-file=\n"
      "keep-in-foreground\n"
      "log-facility=-\n",
      fmt::arg("leader", settings.leaderAddress.toString()),
      fmt::arg("first", settings.range.first.toString()),
      fmt::arg("last", settings.range.last.toString()),
      fmt::arg("netmask", settings.subnet.netmask().toString()),
      fmt::arg("lease", settings.leaseTime.count()), fmt::arg("size", settings.range.size()),
      fmt::arg("hook", settings.hook.string()));
  text += renderNames(settings);
  if (settings.nodesOnly) {
    text += fmt::format("dhcp-vendorclass=set:node,{}\ndhcp-ignore=tag:!node\n", kVendorClass);
  }
  // Any change of user or group would make it outlive a daemon that is killed (prctl(2),
  // PR_SET_PDEATHSIG).
  if (asRoot) text += "user=root\ngroup=root\n";
  return text;
}

LogMeaning readDnsmasqLog(std::string_view line) {
  if (line.ends_with(" no address available") || line.ends_with(" no leases left")) {
    return LogMeaning::PoolExhausted;
  }
  // dhcp-authoritative refuses aloud what asks another server (rfc2131.c).
  if (line.ends_with(" wrong server-ID")) return LogMeaning::OtherServer;
  return LogMeaning::Nothing;
}

bool isDnsPortTaken(std::string_view lastWords) {
  return lastWords.starts_with("failed to create listening socket for ") &&
         lastWords.ends_with("Address already in use");
}

Error explainDnsmasqFailure(const Error& error, std::string_view lastWords) {
  Error explained = error;
  if (!lastWords.empty()) explained.message += fmt::format(" ({})", lastWords);
  if (isDnsPortTaken(lastWords)) {
    explained.code = ErrorCode::Conflict;
    explained.remedy =
        "another DNS server holds port 53 of all addresses, so the leader address serves DHCP "
        "alone; 'ss -tulpn sport = :53' names it: let it listen on its own addresses only";
  } else if (lastWords.find("Address already in use") != std::string_view::npos) {
    explained.code = ErrorCode::Conflict;
    explained.remedy =
        "another DHCP server of this machine holds UDP port 67; 'ss -ulpn sport = :67' names it";
  }
  return explained;
}

}  // namespace cluster_lab::dhcp

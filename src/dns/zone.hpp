#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/ipv4.hpp"
#include "base/ipv6.hpp"
#include "wire/dns_message.hpp"

namespace cluster_lab::dns {

/// What names are answered from the registry.
struct Zone {
  std::string datacenter = "dc1";
  Ipv4Network subnet;      ///< the cluster's, whose reverse names nobody else answers
  bool recursion = false;  ///< other name servers are asked about all other names
};

/// A number in [0, bound), by chance.
using Chance = std::function<std::uint32_t(std::uint32_t bound)>;

/// Where a node or a service is: addresses, or a name to be asked for.
using Location = std::variant<Ipv4, Ipv6, wire::DnsName>;

/// "consul"
[[nodiscard]] const wire::DnsName& zoneName();
/// An address, else a name. nullopt: neither.
[[nodiscard]] std::optional<Location> parseLocation(std::string_view text);

/// "pi-2.node.dc1.consul". nullopt: no domain name can be made of it.
[[nodiscard]] std::optional<wire::DnsName> nodeDomainName(std::string_view node, const Zone& zone);
/// "web.service.dc1.consul"
[[nodiscard]] std::optional<wire::DnsName> serviceDomainName(std::string_view service,
                                                             const Zone& zone);
/// "c0a8c865.addr.dc1.consul", of an address.
[[nodiscard]] wire::DnsName addressDomainName(const Location& address, const Zone& zone);
/// The address in the first label of such a name. nullopt: there is none.
[[nodiscard]] std::optional<Location> addressInLabel(std::string_view label);

/// The address that a name below in-addr.arpa or ip6.arpa stands for. nullopt: none, or a part.
[[nodiscard]] std::optional<Location> addressInReverse(const wire::DnsName& name);
/// Below in-addr.arpa or ip6.arpa?
[[nodiscard]] bool isReverse(const wire::DnsName& name);
/// The name of the zone that holds the reverse names of a subnet: "200.168.192.in-addr.arpa".
[[nodiscard]] wire::DnsName reverseZoneName(const Ipv4Network& subnet);

/// A record of an address (A, AAAA) or a name (CNAME). TTL 0, as all of Consul's.
[[nodiscard]] wire::DnsRecord locationRecord(wire::DnsName name, const Location& location);
[[nodiscard]] wire::DnsRecord nameRecord(wire::DnsName name, wire::DnsType type,
                                         wire::DnsName target);

}  // namespace cluster_lab::dns

#include "dns/zone.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace cluster_lab::dns {
namespace {

using wire::DnsName;

constexpr std::size_t kIpv4Octets = 4;
constexpr std::size_t kIpv6Nibbles = 32;

std::optional<DnsName> toName(const std::string& text) {
  auto name = DnsName::parse(text);
  if (!name) return std::nullopt;
  return std::move(*name);
}

const DnsName& ipv4Root() {
  static const DnsName kRoot{{"in-addr", "arpa"}};
  return kRoot;
}

const DnsName& ipv6Root() {
  static const DnsName kRoot{{"ip6", "arpa"}};
  return kRoot;
}

std::string hexOf(Ipv4 address) {
  std::string text;
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    text += hex(static_cast<std::uint8_t>(address.hostOrder() >> shift));
  }
  return text;
}

std::string hexOf(const Ipv6& address) {
  std::string text;
  for (const auto byte : address.bytes) text += hex(byte);
  return text;
}

std::optional<Location> reverseIpv4(std::span<const std::string> labels) {
  std::string text;
  for (std::size_t i = labels.size(); i-- > 0;) text += labels[i] + (i > 0 ? "." : "");
  const auto address = Ipv4::parse(text);
  if (!address) return std::nullopt;
  return *address;
}

std::optional<Location> reverseIpv6(std::span<const std::string> labels) {
  std::string text;
  for (std::size_t i = labels.size(); i-- > 0;) {
    if (labels[i].size() != 1) return std::nullopt;
    text += labels[i];
  }
  return addressInLabel(text);
}

}  // namespace

const DnsName& zoneName() {
  static const DnsName kZone{{"consul"}};
  return kZone;
}

std::optional<Location> parseLocation(std::string_view text) {
  if (const auto address = Ipv4::parse(text)) return *address;
  if (const auto address = Ipv6::parse(text)) return *address;
  auto name = DnsName::parse(text);
  if (!name || name->labels.empty()) return std::nullopt;
  return std::move(*name);
}

std::optional<DnsName> nodeDomainName(std::string_view node, const Zone& zone) {
  return toName(std::string(node) + ".node." + zone.datacenter + ".consul");
}

std::optional<DnsName> serviceDomainName(std::string_view service, const Zone& zone) {
  return toName(std::string(service) + ".service." + zone.datacenter + ".consul");
}

DnsName addressDomainName(const Location& address, const Zone& zone) {
  const auto* ipv4 = std::get_if<Ipv4>(&address);
  auto digits = ipv4 != nullptr ? hexOf(*ipv4) : hexOf(std::get<Ipv6>(address));
  return {{std::move(digits), "addr", zone.datacenter, "consul"}};
}

std::optional<Location> addressInLabel(std::string_view label) {
  if (label.size() == 2 * kIpv4Octets) {
    const auto value = parseHex(label);
    if (!value) return std::nullopt;
    return Ipv4(static_cast<std::uint32_t>(*value));
  }
  Ipv6 address;
  if (label.size() != 2 * address.bytes.size()) return std::nullopt;
  for (auto& byte : address.bytes) {
    const auto value = parseHex(label.substr(0, 2));
    if (!value) return std::nullopt;
    byte = static_cast<std::uint8_t>(*value);
    label.remove_prefix(2);
  }
  return address;
}

bool isReverse(const DnsName& name) {
  return name.isWithin(ipv4Root()) || name.isWithin(ipv6Root());
}

std::optional<Location> addressInReverse(const DnsName& name) {
  const auto labels = std::span(name.labels);
  if (labels.size() == kIpv4Octets + 2 && name.isWithin(ipv4Root())) {
    return reverseIpv4(labels.first(kIpv4Octets));
  }
  if (labels.size() == kIpv6Nibbles + 2 && name.isWithin(ipv6Root())) {
    return reverseIpv6(labels.first(kIpv6Nibbles));
  }
  return std::nullopt;
}

DnsName reverseZoneName(const Ipv4Network& subnet) {
  auto name = ipv4Root();
  const auto octets = static_cast<unsigned>(subnet.prefixLength()) / 8;
  for (unsigned i = 0; i < octets; ++i) {
    const auto octet = subnet.address().hostOrder() >> (24 - 8 * i) & 0xFFU;
    name.labels.insert(name.labels.begin(), std::to_string(octet));
  }
  return name;
}

wire::DnsRecord locationRecord(DnsName name, const Location& location) {
  if (const auto* ipv4 = std::get_if<Ipv4>(&location)) {
    return {std::move(name), wire::DnsType::A, 0, *ipv4};
  }
  if (const auto* ipv6 = std::get_if<Ipv6>(&location)) {
    return {std::move(name), wire::DnsType::Aaaa, 0, *ipv6};
  }
  return nameRecord(std::move(name), wire::DnsType::Cname, std::get<DnsName>(location));
}

wire::DnsRecord nameRecord(DnsName name, wire::DnsType type, DnsName target) {
  return {std::move(name), type, 0, std::move(target)};
}

}  // namespace cluster_lab::dns

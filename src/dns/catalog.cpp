#include "dns/catalog.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "registry/consul_json.hpp"
#include "registry/state.hpp"

namespace cluster_lab::dns {
namespace {

using registry::Health;
using registry::NodeRegistration;
using registry::Service;
using registry::State;

constexpr std::size_t kMaxString = 255;  // RFC 1035 section 3.3

/// Of the node's own checks, and of the service's where one is named.
Health worstHealth(const State& state, const NodeId& node, std::string_view service) {
  auto worst = Health::Passing;
  for (const auto& [key, check] : rowsUnder(state.checks(), registry::checkKey(node, ""))) {
    const auto& of = check.row.serviceId;
    if (of.empty() || of == service) worst = std::max(worst, check.row.status);
  }
  return worst;
}

bool hasTag(const Service& service, std::string_view tag) {
  const auto wanted = toLower(tag);
  return std::ranges::any_of(service.tags,
                             [&](const std::string& each) { return toLower(each) == wanted; });
}

/// RFC 1464: a backquote quotes itself, "=", and blanks at both ends of the name.
std::string attribute(const std::string& key, const std::string& value) {
  const auto first = std::min(key.find_first_not_of(' '), key.size());
  const auto last = key.find_last_not_of(' ');
  std::string text;
  for (std::size_t i = 0; i < key.size(); ++i) {
    const bool isEdge = i < first || i > last;
    if (key[i] == '`' || key[i] == '=' || isEdge) text += '`';
    text += key[i];
  }
  text += '=';
  for (const char c : value) text.append(c == '`' ? 2 : 1, c);
  return text;
}

wire::DnsTxt toStrings(std::string_view text) {
  wire::DnsTxt strings;
  do {
    strings.strings.emplace_back(text.substr(0, kMaxString));
    text.remove_prefix(strings.strings.back().size());
  } while (!text.empty());
  return strings;
}

}  // namespace

std::optional<Instance::Place> Instance::place(const wire::DnsName& asked) const {
  if (!service->address.empty()) {
    auto own = parseLocation(service->address);
    if (!own) return std::nullopt;
    const auto* name = std::get_if<wire::DnsName>(&*own);
    if (name == nullptr || !name->sameAs(asked)) return Place{std::move(*own), false};
  }
  auto ofNode = parseLocation(node->addressText());
  if (!ofNode) return std::nullopt;
  return Place{std::move(*ofNode), true};
}

std::vector<Instance> healthyInstances(const State& state, std::string_view service,
                                       std::string_view tag) {
  std::vector<Instance> found;
  for (const auto& key : state.serviceIndex().instances(service)) {
    const auto& row = state.services().find(key)->second.row;
    const auto* node = state.findNode(row.node);
    if (node == nullptr || (!tag.empty() && !hasTag(row, tag))) continue;
    const auto health = worstHealth(state, row.node, row.id);
    if (health == Health::Critical) continue;
    const auto weight = health == Health::Warning ? row.warningWeight : row.passingWeight;
    found.push_back({&node->row, &row, static_cast<std::uint16_t>(weight)});
  }
  return found;
}

std::vector<const NodeRegistration*> healthyMembers(const State& state) {
  std::vector<const NodeRegistration*> members;
  for (const auto& [key, node] : state.nodes()) {
    const bool isMember = !node.row.external;
    if (isMember && worstHealth(state, node.row.id, "") != Health::Critical) {
      members.push_back(&node.row);
    }
  }
  return members;
}

std::optional<wire::DnsName> nameOfAddress(const State& state, const Location& address,
                                           const Zone& zone) {
  for (const auto& [key, node] : state.nodes()) {
    if (parseLocation(node.row.addressText()) == address) {
      return nodeDomainName(node.row.name, zone);
    }
  }
  for (const auto& [key, service] : state.services()) {
    if (!service.row.address.empty() && parseLocation(service.row.address) == address) {
      return serviceDomainName(service.row.name, zone);
    }
  }
  return std::nullopt;
}

std::vector<wire::DnsRecord> metaRecords(const NodeRegistration& node, const wire::DnsName& name) {
  std::vector<wire::DnsRecord> records;
  for (const auto& [key, value] : registry::consul::metaOf(node)) {
    // Consul's way to have a text without the key in it.
    const bool isPlain = toLower(key).starts_with("rfc1035-");
    records.push_back(
        {name, wire::DnsType::Txt, 0, toStrings(isPlain ? value : attribute(key, value))});
  }
  return records;
}

}  // namespace cluster_lab::dns

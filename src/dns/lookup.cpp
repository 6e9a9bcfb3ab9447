#include "dns/lookup.hpp"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "base/text.hpp"
#include "registry/state.hpp"

namespace cluster_lab::dns {
namespace {

using wire::DnsName;
using wire::DnsQuestion;
using wire::DnsRecord;
using wire::DnsType;

constexpr std::size_t kMaxNameServers = 3;  // as Consul
constexpr std::size_t kIpv4Bytes = 4;
constexpr std::size_t kIpv6Bytes = 16;

/// What a name below "consul" asks for: "web" of kind "service" in "dc1".
struct Asked {
  std::string kind;
  std::vector<std::string> labels;    ///< before the kind, in lower case
  std::vector<std::string> suffixes;  ///< between the kind and "consul", in lower case
};

Asked parse(const DnsQuestion& question) {
  static const std::set<std::string, std::less<>> kKinds = {"service", "node", "addr", "query",
                                                            "connect"};
  Asked asked;
  for (const auto& label : question.name.labels) asked.labels.push_back(toLower(label));
  asked.labels.pop_back();  // "consul"
  auto& labels = asked.labels;
  while (!labels.empty() && asked.kind.empty()) {
    // In SRV questions the word "service" may be missing.
    const bool isSrv = question.type == DnsType::Srv && labels.back().starts_with('_');
    if (isSrv) {
      asked.kind = "service";
      break;
    }
    auto& place = kKinds.contains(labels.back()) ? asked.kind : asked.suffixes.emplace_back();
    place = std::move(labels.back());
    labels.pop_back();
  }
  return asked;
}

/// "web" and "v1" of v1.web.service.consul or _web._v1.service.consul (RFC 2782).
std::pair<std::string, std::string> serviceAndTag(const std::vector<std::string>& labels) {
  const bool isRfc2782 =
      labels.size() == 2 && labels[0].starts_with('_') && labels[1].starts_with('_');
  if (isRfc2782) {
    auto tag = labels[1].substr(1);
    return {labels[0].substr(1), tag == "tcp" ? std::string() : std::move(tag)};
  }
  std::string tag;
  for (std::size_t i = 0; i + 1 < labels.size(); ++i) tag += (i > 0 ? "." : "") + labels[i];
  return {labels.back(), tag};
}

std::string joined(const std::vector<std::string>& labels) {
  std::string text;
  for (const auto& label : labels) text += (text.empty() ? "" : ".") + label;
  return text;
}

/// Does a record of an address answer the question? Consul also gives addresses where TXT or NS
/// records of a service are asked for.
bool answers(const Location& location, DnsType type) {
  if (type == DnsType::Any || type == DnsType::Txt || type == DnsType::Ns) return true;
  if (std::holds_alternative<Ipv4>(location)) return type == DnsType::A;
  if (std::holds_alternative<Ipv6>(location)) return type == DnsType::Aaaa;
  return true;
}

Found nothing() {
  Found found;
  found.exists = false;
  return found;
}

template <typename Element>
void append(std::vector<Element>& to, std::vector<Element> from) {
  std::ranges::move(from, std::back_inserter(to));
}

}  // namespace

template <typename Element>
void Lookup::shuffle(std::vector<Element>& elements) const {
  for (auto left = static_cast<std::uint32_t>(elements.size()); left > 1; --left) {
    std::swap(elements[left - 1], elements[chance_(left)]);
  }
}

Found Lookup::find(const DnsQuestion& question, int depth) const {
  const auto asked = parse(question);
  if (asked.kind.empty() || asked.labels.empty() || asked.suffixes.size() > 1) return nothing();
  // The names of addresses are the same everywhere.
  if (asked.kind == "addr") return findAddress(question, asked.labels);
  const bool isHere = asked.suffixes.empty() || asked.suffixes[0] == toLower(zone_.datacenter);
  if (!isHere) return nothing();
  if (asked.kind == "node") return findNode(question, joined(asked.labels), depth);
  if (asked.kind == "service") return findService(question, asked.labels, depth);
  return nothing();
}

Found Lookup::findNode(const DnsQuestion& question, const std::string& name, int depth) const {
  const auto* node = state_.findNode(name);
  if (node == nullptr) return nothing();
  Found found;
  const auto type = question.type;
  const bool isText = type == DnsType::Txt;
  const bool isAny = type == DnsType::Any;
  if (!isText && !isAny && type != DnsType::A && type != DnsType::Aaaa) return found;
  const auto location = parseLocation(node->row.addressText());
  if (!isText && location && answers(*location, type)) {
    found.answers.push_back(locationRecord(question.name, *location));
    if (const auto* alias = std::get_if<DnsName>(&*location)) {
      follow(*alias, type, depth, found.answers, found.outsideAnswers);
    }
  }
  auto& place = isText || isAny ? found.answers : found.additionals;
  append(place, metaRecords(node->row, question.name));
  return found;
}

Found Lookup::findAddress(const DnsQuestion& question, const Labels& labels) const {
  if (labels.size() != 1) return nothing();
  Found found;
  const auto address = addressInLabel(labels[0]);
  // As Consul: what is too short or too long for an address is a name without records.
  const auto bytes = labels[0].size() / 2;
  if (!address) return bytes == kIpv4Bytes || bytes == kIpv6Bytes ? nothing() : found;
  const bool isAnswer = question.type != DnsType::Txt && answers(*address, question.type);
  auto& place = isAnswer ? found.answers : found.additionals;
  place.push_back(locationRecord(question.name, *address));
  return found;
}

Found Lookup::findService(const DnsQuestion& question, const Labels& labels, int depth) const {
  const auto [service, tag] = serviceAndTag(labels);
  auto instances = healthyInstances(state_, service, tag);
  if (instances.empty()) return nothing();
  shuffle(instances);
  auto found = question.type == DnsType::Srv ? serviceTargets(question, instances, depth)
                                             : serviceAddresses(question, instances, depth);
  found.isService = true;
  return found;
}

/// An alias is told where there is nothing else, and one alone (RFC 1034 section 3.6.2).
Found Lookup::serviceAddresses(const DnsQuestion& question, const std::vector<Instance>& instances,
                               int depth) const {
  Found found;
  std::optional<DnsName> alias;
  std::set<std::string> told;
  for (const auto& instance : instances) {
    const auto place = instance.place(question.name);
    if (!place || !answers(place->location, question.type)) continue;
    if (const auto* name = std::get_if<DnsName>(&place->location)) {
      if (!alias) alias = *name;
    } else if (told.insert(addressDomainName(place->location, zone_).labels.front()).second) {
      found.answers.push_back(locationRecord(question.name, place->location));
    }
  }
  if (found.answers.empty() && alias) {
    found.answers.push_back(locationRecord(question.name, *alias));
    follow(*alias, question.type, depth, found.answers, found.outsideAnswers);
  }
  return found;
}

std::optional<DnsName> Lookup::target(const Instance& instance,
                                      const Instance::Place& place) const {
  if (const auto* name = std::get_if<DnsName>(&place.location)) return *name;
  if (place.isNode) return nodeDomainName(instance.node->name, zone_);
  return addressDomainName(place.location, zone_);
}

Found Lookup::serviceTargets(const DnsQuestion& question, const std::vector<Instance>& instances,
                             int depth) const {
  Found found;
  std::set<std::tuple<std::string, std::string, std::uint16_t>> told;
  std::set<std::string> described;
  for (const auto& instance : instances) {
    const auto& service = *instance.service;
    const auto& node = *instance.node;
    const auto place = instance.place(question.name);
    const auto name = place ? target(instance, *place) : std::nullopt;
    if (!name || !told.emplace(node.name, service.address, service.port).second) continue;
    found.answers.push_back(
        {question.name, DnsType::Srv, 0, wire::DnsSrv{1, instance.weight, service.port, *name}});
    if (described.insert(name->toString()).second) {
      if (std::holds_alternative<DnsName>(place->location)) {
        follow(*name, DnsType::Any, depth, found.additionals, found.outsideAdditionals);
      } else {
        found.additionals.push_back(locationRecord(*name, place->location));
      }
    }
    const auto nodeName = nodeDomainName(node.name, zone_);
    if (nodeName && described.insert("meta " + node.name).second) {
      append(found.additionals, metaRecords(node, *nodeName));
    }
  }
  return found;
}

void Lookup::follow(const DnsName& name, DnsType type, int depth, std::vector<DnsRecord>& records,
                    std::vector<DnsName>& outside) const {
  if (!name.isWithin(zoneName())) return outside.push_back(name);
  if (depth < 1) return;
  auto found = find({name, DnsType::Any}, depth - 1);
  const bool isOne = type == DnsType::A || type == DnsType::Aaaa;
  std::erase_if(found.answers, [&](const DnsRecord& record) {
    return record.type == DnsType::Txt ||
           (isOne && record.type != type && record.type != DnsType::Cname);
  });
  append(records, std::move(found.answers));
  append(outside, std::move(found.outsideAnswers));
}

Found Lookup::nameServers() const {
  auto members = healthyMembers(state_);
  shuffle(members);
  Found found;
  for (const auto* member : members) {
    const auto name = nodeDomainName(member->name, zone_);
    const auto address = parseLocation(member->addressText());
    if (!name || !address || found.answers.size() == kMaxNameServers) continue;
    found.answers.push_back(nameRecord(zoneName(), DnsType::Ns, *name));
    found.additionals.push_back(locationRecord(*name, *address));
  }
  return found;
}

}  // namespace cluster_lab::dns

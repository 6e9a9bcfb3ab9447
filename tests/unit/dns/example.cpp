#include "example.hpp"

#include <cstdlib>
#include <map>

#include "base/text.hpp"
#include "registry/row_json.hpp"

namespace cluster_lab::dns::test {
namespace {

using registry::Change;
using registry::Check;
using registry::Health;
using registry::NodeRegistration;
using registry::Service;
using registry::State;
using registry::Table;
using wire::DnsType;

NodeId idOf(unsigned number) {
  NodeId id;
  id.bytes[14] = static_cast<std::uint8_t>(number >> 8U);
  id.bytes[15] = static_cast<std::uint8_t>(number);
  return id;
}

/// Collects the rows of a state.
class Builder {
 public:
  void member(unsigned number, const std::string& name, std::map<std::string, std::string> labels) {
    NodeRegistration node;
    node.id = idOf(number);
    node.name = name;
    node.address = Ipv4(0xC0A8C864 + number);  // 192.168.200.100 and on
    node.labels = std::move(labels);
    node.version = "1";
    put(Table::Nodes, registry::nodeKey(node.id), toJson(node));
  }

  void external(unsigned number, const std::string& name, const std::string& address) {
    NodeRegistration node;
    node.id = idOf(number);
    node.name = name;
    node.external = registry::ExternalNode{.address = address, .id = {}, .taggedAddresses = {}};
    put(Table::Nodes, registry::nodeKey(node.id), toJson(node));
  }

  void service(unsigned node, const std::string& name, std::uint16_t port,
               const std::string& address = {}, std::vector<std::string> tags = {}) {
    Service service;
    service.node = idOf(node);
    service.id = name + "-1";
    service.name = name;
    service.tags = std::move(tags);
    service.address = address;
    service.port = port;
    service.passingWeight = name == "weighted" ? 7 : 1;
    service.warningWeight = name == "weighted" ? 3 : 1;
    put(Table::Services, registry::serviceKey(service.node, service.id), toJson(service));
  }

  void check(unsigned node, const std::string& id, Health status,
             const std::string& serviceId = {}) {
    Check check;
    check.node = idOf(node);
    check.id = id;
    check.status = status;
    check.serviceId = serviceId;
    put(Table::Checks, registry::checkKey(check.node, id), toJson(check));
  }

  [[nodiscard]] State build() const {
    State state;
    const registry::Position at{.term = 1, .writer = idOf(1), .index = 1};
    if (!state.apply({.at = at, .changes = changes_})) std::abort();
    return state;
  }

 private:
  void put(Table table, std::string key, std::string value) {
    changes_.push_back({table, std::move(key), std::move(value)});
  }

  registry::ChangeSet changes_;
};

Builder example() {
  Builder world;
  world.member(1, "pi-1", {{"rfc1035-note", "raw value"}, {"color", "red=1"}});
  world.member(2, "pi-2", {{"size", "small"}});
  world.member(3, "pi-3", {});
  world.member(4, "pi-4", {});
  world.member(8, "Pi-8", {});
  world.member(10, "pi-10", {});
  world.check(10, "serfHealth", Health::Critical);
  world.external(6, "pi-6", "fe80::6");
  world.external(7, "pi-7", "host7.example.org");
  world.external(13, "dotted.name", "192.168.200.113");
  world.service(2, "web", 80, {}, {"v1", "Blue"});
  world.service(3, "web", 81, {}, {"v1"});
  world.check(3, "service:web", Health::Warning, "web-1");
  world.service(4, "web", 82);
  world.check(4, "service:web", Health::Critical, "web-1");
  world.service(10, "sick", 9);
  world.service(8, "db", 5432, "10.0.0.5", {"Master"});
  world.service(6, "six", 6, "fd00::6");
  world.service(7, "named", 7, "www.example.net");
  world.service(7, "named2", 7);
  world.service(8, "chain", 9, "pi-2.node.consul");
  world.service(8, "chain2", 9, "web.service.dc1.consul.");
  world.service(8, "chain3", 9, "named.service.consul");
  world.service(8, "self", 9, "self.service.consul");
  world.service(8, "loop", 9, "pool.service.consul");
  world.service(8, "pool", 9, "loop.service.consul");
  world.service(2, "weighted", 9);
  world.service(3, "weighted", 9);
  world.check(3, "service:weighted", Health::Warning, "weighted-1");
  return world;
}

struct DataText {
  std::string operator()(const wire::Bytes& bytes) const { return std::to_string(bytes.size()); }
  std::string operator()(Ipv4 address) const { return address.toString(); }
  std::string operator()(const Ipv6& address) const {
    std::string text;
    for (const auto byte : address.bytes) text += hex(byte);
    return text;
  }
  std::string operator()(const wire::DnsName& name) const { return name.toString(); }
  std::string operator()(const wire::DnsSrv& srv) const {
    return std::to_string(srv.priority) + ' ' + std::to_string(srv.weight) + ' ' +
           std::to_string(srv.port) + ' ' + srv.target.toString();
  }
  std::string operator()(const wire::DnsTxt& text) const {
    std::string all;
    for (const auto& each : text.strings) all += '"' + each + '"';
    return all;
  }
  std::string operator()(const wire::DnsSoa& soa) const {
    return soa.server.toString() + ' ' + soa.mailbox.toString() + ' ' + std::to_string(soa.serial);
  }
};

}  // namespace

State exampleState() {
  return example().build();
}

State crowdedState(int count) {
  auto world = example();
  for (int i = 1; i <= count; ++i) {
    const auto number = static_cast<unsigned>(i);
    const auto text = std::to_string(i);
    world.external(1000 + number, "many" + text,
                   Ipv4(0xC0A8C900 + number).toString());  // 192.168.201.0 and on
    world.service(1000 + number, "many", static_cast<std::uint16_t>(i));
  }
  return world.build();
}

Zone exampleZone() {
  return {.datacenter = "dc1",
          .subnet = Ipv4Network::parse("192.168.200.0/24").value(),
          .recursion = false};
}

wire::DnsMessage query(std::string_view name, DnsType type) {
  wire::DnsMessage message;
  message.id = 7;
  message.recursionDesired = true;
  message.questions = {{wire::DnsName::parse(name).value(), type}};
  return message;
}

std::uint32_t noChance(std::uint32_t bound) {
  return bound - 1;
}

Reply ask(std::string_view name, DnsType type) {
  static const auto kState = exampleState();
  return answer(kState, exampleZone(), query(name, type), noChance);
}

std::string show(const wire::DnsRecord& record) {
  static const std::map<DnsType, std::string> kTypes = {
      {DnsType::A, "A"},     {DnsType::Aaaa, "AAAA"}, {DnsType::Ns, "NS"},
      {DnsType::Soa, "SOA"}, {DnsType::Ptr, "PTR"},   {DnsType::Cname, "CNAME"},
      {DnsType::Srv, "SRV"}, {DnsType::Txt, "TXT"}};
  return record.name.toString() + ' ' + kTypes.at(record.type) + ' ' +
         std::visit(DataText{}, record.data);
}

Lines show(const std::vector<wire::DnsRecord>& records) {
  Lines lines;
  for (const auto& record : records) lines.push_back(show(record));
  return lines;
}

Lines show(const std::vector<wire::DnsName>& names) {
  Lines lines;
  for (const auto& name : names) lines.push_back(name.toString());
  return lines;
}

}  // namespace cluster_lab::dns::test

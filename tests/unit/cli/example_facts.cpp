#include "example_facts.hpp"

#include <algorithm>
#include <iterator>

namespace cluster_lab::cli {

std::string exampleStatusJson() {
  return R"({"version":"1.0.0","cluster_id":"cluster-lab","node_id":"2","name":"pi-2",
    "state":"following","reason":"pi-1 leads","role":"follower","since_seconds":125,"term":3,
    "registry_index":12,"synced":true,
    "leader":{"name":"pi-1","address":"192.168.200.1","node_address":"192.168.200.101"},
    "link":{"kind":"vlan","id":200,"name":"eth0.200","parent":"eth0","state":"up",
            "detail":"vlan 200"},
    "node_address":"192.168.200.102","leader_address":"192.168.200.1",
    "lan_addresses":["10.0.0.12"],"subnet":"192.168.200.0/24",
    "range":"192.168.200.101-192.168.200.200","ports":{"registry":8500,"scheduler":2378},
    "problems":[],
    "neighbours":[{"name":"pi-1","node_id":"1","cluster_id":"cluster-lab","role":"leader","term":3,
      "link":"vlan 200","heard_on":"link","seconds_ago":0.4}]})";
}

std::string exampleNodesJson() {
  return R"([
    {"name":"pi-10","id":"3","address":"192.168.200.103","role":"follower","health":"passing",
     "health_note":"","age_seconds":60,"labels":{},"mac":"02:00:00:00:00:03","version":"1.0.0"},
    {"name":"pi-1","id":"1","address":"192.168.200.101","role":"leader","health":"passing",
     "health_note":"","age_seconds":4000,"labels":{},"mac":"02:00:00:00:00:01","version":"1.0.0"},
    {"name":"pi-2","id":"2","address":"192.168.200.102","role":"follower","health":"passing",
     "health_note":"","age_seconds":130,"labels":{"rack":"window","size":"big"},
     "mac":"02:00:00:00:00:02","version":"1.0.0"}])";
}

StatusView exampleStatus() {
  return *parseStatus(exampleStatusJson());
}

std::vector<NodeView> exampleNodes() {
  return *parseNodes(exampleNodesJson());
}

Facts exampleFacts() {
  Facts facts;
  facts.wanted = {.kind = LinkKind::Vlan,
                  .id = 200,
                  .parent = "eth0",
                  .link = "eth0.200",
                  .subnet = *Ipv4Network::parse("192.168.200.0/24"),
                  .leaderAddress = *Ipv4::parse("192.168.200.1"),
                  .registryPort = 8500,
                  .schedulerPort = 2378};
  facts.unit = {.hasSystemd = true, .state = "active", .statusLine = "following pi-1"};
  facts.defaultRoute = true;
  facts.parent = Interface{.name = "eth0",
                           .kind = "",
                           .id = {},
                           .up = true,
                           .carrier = true,
                           .addresses = {*Ipv4::parse("10.0.0.12")}};
  facts.link = Interface{.name = "eth0.200",
                         .kind = "vlan",
                         .id = 200,
                         .up = true,
                         .carrier = true,
                         .addresses = {*Ipv4::parse("192.168.200.102")}};
  facts.dhcpClientRuns = true;
  facts.engine = EngineState::Running;
  std::ranges::transform(dependencies(LinkKind::Vlan), std::back_inserter(facts.dependencies),
                         [](const Dependency& one) {
                           return DependencyState{one, true, "1.0"};
                         });
  facts.asked = "127.0.0.1:8500";
  facts.status = exampleStatus();
  facts.nodes = exampleNodes();
  facts.leaderAnswers = true;
  facts.schedulerAnswers = true;
  return facts;
}

Facts exampleFactsWithoutDaemon() {
  auto facts = exampleFacts();
  facts.unit.state = "inactive";
  facts.unit.statusLine = "";
  facts.status.reset();
  facts.nodes.reset();
  facts.statusError = Error{ErrorCode::Unavailable, "the daemon does not answer", ""};
  facts.link.reset();
  facts.leaderAnswers = false;
  facts.schedulerAnswers = false;
  facts.dhcpClientRuns = false;
  return facts;
}

}  // namespace cluster_lab::cli

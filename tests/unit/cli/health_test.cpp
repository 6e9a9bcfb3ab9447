#include "cli/health.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "example_facts.hpp"

namespace cluster_lab::cli {
namespace {

/// Names of the checks with that outcome.
std::vector<std::string> namesWith(const Facts& facts, Outcome outcome) {
  std::vector<std::string> names;
  for (const auto& one : checkHealth(facts)) {
    if (one.outcome == outcome) names.push_back(one.name);
  }
  return names;
}

std::vector<std::string> failed(const Facts& facts) {
  return namesWith(facts, Outcome::Fail);
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("health: a follower that is well passes every check") {
  const auto checks = checkHealth(exampleFacts());
  CHECK_FALSE(anyFailed(checks));
  CHECK(renderHealth(checks, Style(false)) ==
        "PASS  the configuration can be read: no error\n"
        "PASS  the service cluster-start is active: active\n"
        "PASS  this node has a way to the internet: a default route\n"
        "PASS  the interface eth0 is there: 10.0.0.12\n"
        "PASS  a cable is plugged into eth0: link is up\n"
        "PASS  eth0 has an address on the LAN: 10.0.0.12\n"
        "PASS  the cluster link eth0.200 is there with the right id: vlan 200\n"
        "PASS  the cluster link is up: up\n"
        "PASS  this node has an address in 192.168.200.0/24: 192.168.200.102\n"
        "PASS  the leader answers at 192.168.200.1: its registry answers\n"
        "PASS  this node holds a lease of the leader's DHCP server: 192.168.200.102\n"
        "PASS  the registry answers at 127.0.0.1:8500: status following\n"
        "PASS  the registry lists this node: pi-2\n"
        "PASS  all nodes are healthy: 3 nodes passing\n"
        "PASS  the Docker Engine runs: it answers\n"
        "PASS  the scheduler endpoint answers at 192.168.200.1:2378: it answers\n");
}

TEST_CASE("health: every failed check says what to do, no passed one does") {
  for (const auto& one : checkHealth(exampleFactsWithoutDaemon())) {
    INFO(one.name);
    const bool wrong = one.outcome == Outcome::Fail || one.outcome == Outcome::Warn;
    CHECK(wrong == !one.remedy.empty());
    CHECK_FALSE(one.found.empty());
  }
}

TEST_CASE("health: a stopped daemon fails what depends on it and nothing else") {
  CHECK(failed(exampleFactsWithoutDaemon()) ==
        Names{"the service cluster-start is active",
              "the cluster link eth0.200 is there with the right id",
              "the leader answers at 192.168.200.1",
              "this node holds a lease of the leader's DHCP server",
              "the registry answers at 127.0.0.1:8500",
              "the scheduler endpoint answers at 192.168.200.1:2378"});
}

TEST_CASE("health: no internet and no LAN address are warnings, since the cluster works without") {
  auto facts = exampleFacts();
  facts.defaultRoute = false;
  facts.parent->addresses.clear();
  CHECK(failed(facts).empty());
  CHECK(namesWith(facts, Outcome::Warn).size() == 2);
}

TEST_CASE("health: a machine without systemd or engine skips those checks") {
  auto facts = exampleFacts();
  facts.unit.hasSystemd = false;
  facts.engine = EngineState::NotInstalled;
  CHECK(namesWith(facts, Outcome::Skip) ==
        Names{"the service cluster-start is active", "the Docker Engine runs"});
  facts.engine = EngineState::Stopped;
  CHECK(failed(facts) == Names{"the Docker Engine runs"});
}

TEST_CASE("health: a missing interface, a pulled cable, a wrong id, a link that is off") {
  auto facts = exampleFacts();
  facts.link->id = 7;
  CHECK(failed(facts) == Names{"the cluster link eth0.200 is there with the right id"});
  facts.link->id = 200;
  facts.link->up = false;
  CHECK(failed(facts) == Names{"the cluster link is up"});
  facts.link->up = true;
  facts.parent->carrier = false;
  CHECK(failed(facts) == Names{"a cable is plugged into eth0"});
  facts.parent.reset();
  CHECK(failed(facts) == Names{"the interface eth0 is there"});
}

TEST_CASE("health: the leader address alone is no address of the node's own") {
  auto facts = exampleFacts();
  facts.link->addresses = {facts.wanted.leaderAddress};
  CHECK(failed(facts) == Names{"this node has an address in 192.168.200.0/24"});
}

TEST_CASE("health: a leader needs its DHCP server, not a lease") {
  auto facts = exampleFacts();
  facts.status->state = "leading";
  facts.dhcpClientRuns = false;
  CHECK(failed(facts) == Names{"the DHCP server runs on the leader"});
  facts.dhcpServerRuns = true;
  CHECK(failed(facts).empty());
}

TEST_CASE("health: a critical node fails by name, and a node that is not listed fails") {
  auto facts = exampleFacts();
  facts.nodes->back().health = "critical";
  CHECK(failed(facts) == Names{"all nodes are healthy"});
  CHECK(renderHealth(checkHealth(facts), Style(false)).find("pi-10 is critical") !=
        std::string::npos);
  std::erase_if(*facts.nodes, [](const NodeView& node) { return node.name != "pi-1"; });
  CHECK(failed(facts) == Names{"the registry lists this node"});
}

TEST_CASE("health: a link of kind none has no id") {
  auto facts = exampleFacts();
  facts.wanted.kind = LinkKind::None;
  facts.wanted.link = "eth0";
  facts.link = facts.parent;
  facts.link->addresses.push_back(*Ipv4::parse("192.168.200.102"));
  CHECK(failed(facts).empty());
}

TEST_CASE("health: as JSON, a list with the result in one word") {
  const auto json = healthJson(checkHealth(exampleFactsWithoutDaemon()));
  CHECK(json.starts_with("[\n"));
  CHECK(json.find(R"("result": "fail")") != std::string::npos);
  CHECK(json.find(R"("result": "pass")") != std::string::npos);
}

}  // namespace cluster_lab::cli

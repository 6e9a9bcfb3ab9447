#include "cli/doctor.hpp"

#include <doctest/doctest.h>

#include "example_facts.hpp"

namespace cluster_lab::cli {
namespace {

StatusView::Neighbour neighbour(std::string name, std::string role, std::string heardOn) {
  return {.name = std::move(name),
          .clusterId = "cluster-lab",
          .role = std::move(role),
          .link = "vlan 200",
          .heardOn = std::move(heardOn),
          .secondsAgo = 1};
}

/// A node that searches for a leader and hears those neighbours.
Facts searching(std::vector<StatusView::Neighbour> neighbours) {
  auto facts = exampleFacts();
  facts.status->state = "probing";
  facts.status->leader.reset();
  facts.status->neighbours = std::move(neighbours);
  facts.nodes->clear();
  return facts;
}

/// The only finding; its text in one line.
std::string onlyFinding(const Facts& facts) {
  const auto findings = diagnose(facts);
  REQUIRE(findings.size() == 1);
  return findings[0].what + " | " + findings[0].why + " | " + findings[0].remedy;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("doctor: finds nothing where nothing is wrong") {
  const auto findings = diagnose(exampleFacts());
  CHECK(findings.empty());
  CHECK_FALSE(anyProblem(findings));
  CHECK(renderFindings(findings, Style(false)) == "Nothing is wrong.\n");
  CHECK(contains(findingsJson(findings), R"("healthy": true)"));
}

TEST_CASE("doctor: explains a problem that the daemon reports, once") {
  auto facts = searching({neighbour("pi-1", "leader", "parent")});
  facts.status->problems = {{"vlan_dropped", "the switch between pi-1 and pi-2 drops VLAN tags",
                             "set link.kind=vxlan on all nodes"}};
  CHECK(renderFindings(diagnose(facts), Style(false)) ==
        "PROBLEM  the switch between pi-1 and pi-2 drops VLAN tags\n"
        "         Why: the nodes hear each other on the LAN, but frames with a VLAN tag do not "
        "arrive: some managed switches, and all Wi-Fi, drop them\n"
        "         What to do: set link.kind=vxlan on all nodes\n");
}

TEST_CASE("doctor: a leader heard on the parent but not on the link means dropped tags") {
  const auto text = onlyFinding(searching({neighbour("pi-1", "leader", "parent")}));
  CHECK(contains(text, "pi-1 leads, and is heard on eth0, but not on the cluster link eth0.200"));
  CHECK(contains(text, "link.kind=vxlan"));
  const auto both =
      searching({neighbour("pi-1", "leader", "parent"), neighbour("pi-1", "leader", "link")});
  CHECK(contains(onlyFinding(both), "in no cluster yet"));
}

TEST_CASE("doctor: two leaders of one cluster are named, with what lies between them") {
  auto facts = exampleFacts();
  facts.status->neighbours.push_back(neighbour("pi-4", "leader", "parent"));
  const auto text = onlyFinding(facts);
  CHECK(contains(text, "pi-1 and pi-4 both lead"));
  CHECK(contains(text, "not on the cluster link"));
}

TEST_CASE("doctor: a leader that was heard long ago has gone, and is no second one") {
  auto facts = exampleFacts();
  facts.status->neighbours.push_back(neighbour("pi-4", "leader", "link"));
  facts.status->neighbours.back().secondsAgo = 4;
  CHECK(diagnose(facts).empty());
}

TEST_CASE("doctor: a neighbour of the own cluster on another link cannot meet") {
  auto facts = exampleFacts();
  auto other = neighbour("pi-4", "searching", "parent");
  other.link = "vxlan 200";
  facts.status->neighbours.push_back(other);
  CHECK(contains(onlyFinding(facts), "pi-4 uses the link vxlan 200, this node vlan 200"));
}

TEST_CASE("doctor: a foreign cluster is a notice on its own link and a problem on ours") {
  auto facts = exampleFacts();
  auto foreign = neighbour("other-1", "leader", "parent");
  foreign.clusterId = "blue";
  foreign.link = "vlan 417";
  facts.status->neighbours.push_back(foreign);
  CHECK_FALSE(anyProblem(diagnose(facts)));
  CHECK(contains(onlyFinding(facts), "Another cluster, blue, is on this network"));
  facts.status->neighbours.back().link = "vlan 200";
  CHECK(anyProblem(diagnose(facts)));
  CHECK(contains(onlyFinding(facts), "another link.id"));
}

TEST_CASE("doctor: a node that is not healthy is named with its note") {
  auto facts = exampleFacts();
  facts.nodes->back().health = "critical";
  facts.nodes->back().healthNote = "silent for 2 s";
  CHECK(contains(onlyFinding(facts), "pi-10 (192.168.200.103) is critical | silent for 2 s"));
}

TEST_CASE("doctor: a daemon that does not run is told by the state of its service") {
  auto facts = exampleFactsWithoutDaemon();
  CHECK(contains(onlyFinding(facts), "not started"));
  facts.unit.state = "failed";
  facts.unit.statusLine = "port 8500 is taken";
  CHECK(contains(onlyFinding(facts), "it said last: port 8500 is taken"));
  facts.unit.state = "activating";
  CHECK(contains(onlyFinding(facts), "runs, but nobody answers"));
  facts.unit.hasSystemd = false;
  CHECK(contains(onlyFinding(facts), "has no systemd"));
}

TEST_CASE("doctor: another program on the port is told apart from a silent daemon") {
  auto facts = exampleFactsWithoutDaemon();
  facts.statusError = Error{ErrorCode::Corrupt, "found status 404", ""};
  CHECK(contains(onlyFinding(facts), "Another program answers at 127.0.0.1:8500"));
}

TEST_CASE("doctor: causes on the machine are found without a daemon, before what follows") {
  auto facts = exampleFactsWithoutDaemon();
  facts.configurationError = "cluster-lab.conf:3: unknown key";
  facts.dependencies[0].found = false;  // 8021q
  facts.dependencies[2].found = false;  // dnsmasq
  facts.parent.reset();
  const auto findings = diagnose(facts);
  REQUIRE(findings.size() == 5);
  CHECK(contains(findings[0].what, "unknown key"));
  CHECK(contains(findings[1].what, "no module 8021q"));
  CHECK(contains(findings[2].remedy, "apt install dnsmasq-base"));
  CHECK(contains(findings[3].what, "no interface eth0"));
  CHECK(contains(findings[4].what, "not started"));
}

TEST_CASE("doctor: a pulled cable, Wi-Fi under a VLAN, IPv6 switched off") {
  auto facts = exampleFacts();
  facts.parent->carrier = false;
  CHECK(contains(onlyFinding(facts), "no carrier"));
  facts.parent->carrier = true;
  facts.parentWithoutIpv6 = true;
  CHECK(contains(onlyFinding(facts), "IPv6 is off on eth0"));
  facts.parentWithoutIpv6 = false;
  facts.wanted.parent = "wlan0";
  CHECK(contains(onlyFinding(facts), "Wi-Fi does not carry VLAN tags"));
}

TEST_CASE("doctor: a LAN in the cluster's own subnet is found") {
  auto facts = exampleFacts();
  facts.parent->addresses = {*Ipv4::parse("192.168.200.17")};
  CHECK(contains(onlyFinding(facts), "network.subnet"));
}

TEST_CASE("doctor: a link of that name that differs is found") {
  auto facts = exampleFacts();
  facts.link->id = 300;
  CHECK(contains(onlyFinding(facts), "eth0.200 is not a vlan with id 200"));
}

TEST_CASE("doctor: a link that is up proves that its module is there") {
  auto facts = exampleFacts();
  facts.dependencies[0].found = false;  // 8021q
  CHECK(diagnose(facts).empty());
  facts.link->up = false;
  CHECK(contains(onlyFinding(facts), "no module 8021q"));
}

TEST_CASE("doctor: optional programs that are missing are no problem") {
  auto facts = exampleFacts();
  facts.dependencies.back().found = false;
  CHECK(diagnose(facts).empty());
}

}  // namespace cluster_lab::cli

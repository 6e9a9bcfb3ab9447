#include <doctest/doctest.h>

#include "unit/election/lone_node.hpp"

using namespace cluster_lab;
using namespace cluster_lab::election;
using namespace cluster_lab::election::test;

namespace {

/// A stranger answers every probe for this long.
void passBesideStranger(LoneNode& node, Duration time) {
  const auto end = node.now + time;
  while (node.now < end) {
    const auto before = node.probes();
    node.pass(10ms);
    if (node.probes() > before) node.arpAnswer(kHigherMac);
  }
}

void passHearingOnParent(LoneNode& node, const wire::Beacon& beacon, Duration time) {
  for (const auto end = node.now + time; node.now < end; node.pass(500ms)) {
    node.hearOnParent(beacon);
  }
}

}  // namespace

TEST_CASE("election: an ARP answer without a heartbeat within 1.5 s is a stranger") {
  LoneNode node;
  node.plugIn();
  node.pass(10ms);
  node.arpAnswer(kHigherMac);
  node.pass(1490ms);
  CHECK(node.is(State::Probing));
  node.pass(20ms);
  CHECK(node.is(State::Blocked));
  REQUIRE(node.hasProblem("stranger"));
  CHECK(node.election.problem()->message.find("02:00:00:00:00:90") != std::string::npos);
}

TEST_CASE("election: a stranger's address is never taken, and asked for less and less often") {
  LoneNode node;
  node.plugIn();
  passBesideStranger(node, 10s);
  CHECK(node.is(State::Blocked));
  node.done.clear();
  passBesideStranger(node, 300s);
  CHECK(node.is(State::Blocked));
  CHECK(node.count<HoldLeaderAddress>() == 0);
  CHECK(node.count<ProblemRaised>() == 0);
  CHECK(node.probes() >= 9);
  CHECK(node.probes() <= 13);
}

TEST_CASE("election: when the stranger is gone the node leads") {
  LoneNode node;
  node.plugIn();
  passBesideStranger(node, 3s);
  REQUIRE(node.is(State::Blocked));
  node.pass(5s);
  CHECK(node.is(State::Leading));
  CHECK_FALSE(node.election.problem());
  CHECK(node.count<ProblemGone>() == 1);
}

TEST_CASE("election: a blocked node joins a leader as soon as it hears one") {
  LoneNode node;
  node.plugIn();
  passBesideStranger(node, 3s);
  node.hear(otherNode(9, Role::Leading, 4));
  CHECK(node.is(State::Joining));
  CHECK_FALSE(node.election.problem());
}

TEST_CASE("election: another cluster that holds the address is named, with the remedy") {
  LoneNode node;
  node.plugIn();
  auto foreign = otherNode(9, Role::Leading, 4);
  foreign.clusterId = "garage";
  node.hear(foreign);
  CHECK(node.is(State::Blocked));
  REQUIRE(node.hasProblem("foreign_cluster"));
  CHECK(node.election.problem()->message.find("'garage'") != std::string::npos);
  CHECK(node.election.problem()->remedy.find("link.id") != std::string::npos);
}

TEST_CASE("election: another cluster with another leader address is no obstacle") {
  LoneNode node;
  node.plugIn();
  auto foreign = otherNode(9, Role::Leading, 4);
  foreign.clusterId = "garage";
  foreign.leaderAddress = Ipv4(0xC0A8C901);
  node.hear(foreign);
  node.pass(1s);
  CHECK(node.is(State::Leading));
  CHECK(node.election.term() == 1);
}

TEST_CASE(
    "election: a leader on the parent that the link does not reach: the switch drops VLAN tags") {
  LoneNode node;
  node.hearOnParent(otherNode(9, Role::Leading, 4));
  node.plugIn();
  passHearingOnParent(node, otherNode(9, Role::Leading, 4), 5s);
  CHECK(node.is(State::Blocked));
  REQUIRE(node.hasProblem("vlan_dropped"));
  CHECK(node.election.problem()->message == "the switch between pi-9 and pi-self drops VLAN tags");
  CHECK(node.election.problem()->remedy == "set link.kind=vxlan on all nodes");
  CHECK(node.count<HoldLeaderAddress>() == 0);
  CHECK(node.probes() == 0);  // it would only hold up one who may lead
}

TEST_CASE("election: nodes with different links are told what differs") {
  auto self = selfIdentity();
  self.linkKind = LinkKind::Vxlan;
  LoneNode node(0, self);
  node.plugIn();
  passHearingOnParent(node, otherNode(1, Role::Leading, 4), 2s);
  REQUIRE(node.hasProblem("link_differs"));
  CHECK(node.election.problem()->message == "pi-1 uses vlan 200, this node vxlan 200");
  CHECK(node.election.problem()->remedy == "set the same link.kind on all nodes");
}

TEST_CASE("election: the same kind of link with another id is told, too") {
  LoneNode node;
  node.plugIn();
  auto leader = otherNode(1, Role::Leading, 4);
  leader.linkId = 300;
  passHearingOnParent(node, leader, 2s);
  REQUIRE(node.hasProblem("link_differs"));
  CHECK(node.election.problem()->remedy == "set the same link.id on all nodes");
}

TEST_CASE("election: a leader out of reach that comes into reach is joined") {
  LoneNode node;
  node.plugIn();
  const auto leader = otherNode(9, Role::Leading, 4);
  passHearingOnParent(node, leader, 5s);
  node.hear(leader);
  CHECK(node.is(State::Joining));
  CHECK(node.count<ProblemGone>() == 1);
}

TEST_CASE("election: when the beacons of a leader out of reach stop, the node leads") {
  LoneNode node;
  node.plugIn();
  passHearingOnParent(node, otherNode(9, Role::Leading, 4), 5s);
  REQUIRE(node.is(State::Blocked));
  node.pass(2s);
  CHECK(node.is(State::Blocked));
  node.pass(3s);
  CHECK(node.is(State::Leading));
  CHECK(node.election.term() == 5);
}

TEST_CASE("election: a leader on the parent of another cluster is no obstacle") {
  LoneNode node;
  node.plugIn();
  auto foreign = otherNode(9, Role::Leading, 4);
  foreign.clusterId = "garage";
  passHearingOnParent(node, foreign, 2s);
  CHECK(node.is(State::Leading));
}

TEST_CASE("election: who is blocked by a leader on the parent gives way to who may lead") {
  LoneNode node;
  node.plugIn();
  node.pass(10ms);
  REQUIRE(node.probes() == 1);
  node.hearOnParent(otherNode(9, Role::Leading, 4));
  node.arpProbe(kLowerMac);
  node.pass(10ms);
  CHECK(node.is(State::Blocked));
}

namespace {

/// Leads again and is told at once that it cannot; gives how long it let others try before.
Duration failAgain(LoneNode& node) {
  const auto given = node.now;
  while (!node.is(State::Leading)) node.pass(100ms);
  node.feed(CannotLead{"no majority of etcd: 1 of 3 answers"});
  return node.now - given;
}

}  // namespace

TEST_CASE("election: a leader that cannot lead gives the address up and says why") {
  LoneNode node;
  node.lead();
  REQUIRE(node.is(State::Leading));
  node.done.clear();
  node.feed(CannotLead{"no majority of etcd: 1 of 3 answers"});
  CHECK(node.is(State::Blocked));
  CHECK(node.count<DropLeaderAddress>() == 1);
  REQUIRE(node.hasProblem("cannot_lead"));
  CHECK(node.election.reason().starts_with(
      "this node cannot lead: no majority of etcd: 1 of 3 answers: it tries again"));
}

TEST_CASE("election: it tries again less and less often, and soon where it led for a while") {
  LoneNode node;
  node.lead();
  node.feed(CannotLead{"why"});
  CHECK(failAgain(node) < 4s);
  CHECK(failAgain(node) > 4s);
  for (int i = 0; i < 5; ++i) failAgain(node);
  const auto longest = failAgain(node);
  CHECK(longest > 30s);
  CHECK(longest < 32s);
  while (!node.is(State::Leading)) node.pass(100ms);
  CHECK_FALSE(node.election.problem());
  node.pass(60s);
  node.feed(CannotLead{"why"});
  CHECK(failAgain(node) < 4s);
}

TEST_CASE("election: who cannot lead joins another that does") {
  LoneNode node;
  node.lead();
  node.feed(CannotLead{"why"});
  node.hear(otherNode(9, Role::Leading, 4));
  CHECK(node.is(State::Joining));
  CHECK_FALSE(node.election.problem());
  node.feed(CannotLead{"late news"});
  CHECK(node.is(State::Joining));
}

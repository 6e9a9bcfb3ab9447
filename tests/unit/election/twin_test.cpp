#include <doctest/doctest.h>

#include "unit/election/lone_node.hpp"

using namespace cluster_lab;
using namespace cluster_lab::election;
using namespace cluster_lab::election::test;

namespace {

/// A node with this node's id and the MAC address 02:00:00:00:00:NUMBER (this node's own ends with
/// 50).
wire::Beacon twin(std::uint8_t number, Role role) {
  auto beacon = otherNode(number, role, 1);
  beacon.nodeId = selfIdentity().nodeId;
  return beacon;
}

constexpr std::uint8_t kLower = 0x10;
constexpr std::uint8_t kHigher = 0x90;

bool gaveWay(const LoneNode& node) {
  return node.is(State::Stopping) && node.count<IdentityTaken>() == 1;
}

}  // namespace

TEST_CASE("twins: a node that comes and hears its identity lead or follow takes a new one") {
  for (const auto role : {Role::Leading, Role::Following}) {
    for (const auto number : {kLower, kHigher}) {
      LoneNode onLink;
      onLink.plugIn();
      onLink.hear(twin(number, role));
      CHECK(gaveWay(onLink));
      CHECK(onLink.all<IdentityTaken>()[0].second.by == twin(number, role).linkMac);
      LoneNode onParent;
      onParent.plugIn();
      onParent.hearOnParent(twin(number, role));
      CHECK(gaveWay(onParent));
    }
  }
}

TEST_CASE("twins: who gives way says no goodbye, which would be taken for the other one's") {
  LoneNode node;
  node.plugIn();
  node.done.clear();
  node.hear(twin(kLower, Role::Leading));
  node.pass(10s);
  for (const auto& [when, sent] : node.all<SendHeartbeat>()) CHECK((sent.role != Role::Leaving));
  for (const auto& [when, sent] : node.all<SendBeacon>()) CHECK((sent.role != Role::Leaving));
}

TEST_CASE("twins: who leads or follows stays, answers the newcomer at once, and tells of it") {
  for (const bool leads : {true, false}) {
    LoneNode node;
    if (leads) {
      node.lead();
    } else {
      node.follow(otherNode(1, Role::Leading, 1));
    }
    node.pass(300ms);  // beacons keep a distance
    node.done.clear();
    node.hearOnParent(twin(kLower, Role::Searching));
    CHECK_FALSE(node.is(State::Stopping));
    CHECK(node.count<SendBeacon>() == 1);
    REQUIRE(node.count<SendHeartbeat>() == 1);
    CHECK(node.all<SendHeartbeat>()[0].second.destination == twin(kLower, Role::Searching).linkMac);
    REQUIRE(node.count<ProblemRaised>() == 1);
    CHECK(node.all<ProblemRaised>()[0].second.problem.code == "twin");
  }
}

TEST_CASE("twins: a flood of a twin's words is answered five times a second") {
  LoneNode node;
  node.lead();
  node.pass(100ms);
  node.done.clear();
  for (int i = 0; i < 1000; ++i) node.hear(twin(kLower, Role::Searching));
  CHECK(node.count<SendHeartbeat>() == 1);
  CHECK(node.count<ProblemRaised>() == 1);
}

TEST_CASE("twins: the problem is over when the twin has been another node for 5 s") {
  LoneNode node;
  node.lead();
  node.hear(twin(kLower, Role::Searching));
  node.pass(4s);
  CHECK(node.count<ProblemGone>() == 0);
  node.pass(2s);
  REQUIRE(node.count<ProblemGone>() == 1);
  CHECK(node.all<ProblemGone>()[0].second.code == "twin");
}

TEST_CASE("twins: of two that search, or follow, the higher MAC gives way") {
  for (const bool follows : {false, true}) {
    const auto role = follows ? Role::Following : Role::Searching;
    for (const auto number : {kLower, kHigher}) {
      LoneNode node;
      if (follows) {
        node.follow(otherNode(1, Role::Leading, 1));
      } else {
        node.plugIn();
      }
      node.hearOnParent(twin(number, role));
      CHECK(gaveWay(node) == (number == kLower));
    }
  }
}

TEST_CASE("twins: of two leaders the one that loses the lead takes a new identity then") {
  LoneNode node;
  node.lead();
  auto rival = twin(kLower, Role::Leading);
  rival.term = 9;
  rival.followers = 3;
  node.hear(rival);
  CHECK_FALSE(node.is(State::Stopping));
  CHECK_FALSE(node.is(State::Leading));
  node.hear(rival);
  CHECK(gaveWay(node));
}

TEST_CASE("twins: a twin is no follower of this node's, nor a fresher node to wait for") {
  LoneNode node;
  node.lead();
  node.hear(twin(kLower, Role::Following));
  CHECK(node.election.describe(Role::Leading, false).followers == 0);
  CHECK(node.election.neighbours().all().empty());
}

TEST_CASE("twins: a node without link, another cluster's node and this one's former MAC are none") {
  LoneNode unplugged;
  unplugged.hearOnParent(twin(kLower, Role::Leading));
  CHECK(unplugged.is(State::WaitingForLink));
  LoneNode node;
  node.plugIn();
  auto foreign = twin(kLower, Role::Leading);
  foreign.clusterId = "other";
  node.hearOnParent(foreign);
  auto leaving = twin(kLower, Role::Leaving);
  node.hear(leaving);
  auto former = twin(kLower, Role::Leading);
  former.linkMac = kSelfMac;
  node.feed(LinkDown{});
  node.feed(LinkUp{kHigherMac});
  node.hearOnParent(former);
  CHECK(node.count<IdentityTaken>() == 0);
}

#include <doctest/doctest.h>

#include "unit/election/lone_node.hpp"

using namespace cluster_lab;
using namespace cluster_lab::election;
using namespace cluster_lab::election::test;

namespace {

const wire::Beacon kLeader = otherNode(9, Role::Leading, 5);

/// A follower of pi-9 with this copy; pi-9 says that it leads no more.
void loseLeader(LoneNode& node, const Freshness& copy) {
  node.copy = copy;
  node.follow(kLeader);
  node.hear(otherNode(9, Role::Searching, 5));
}

/// pi-20 and pi-30 are known.
Election::Memory twoMembers() {
  return {5, {{nodeId(20), "pi-20"}, {nodeId(30), "pi-30"}}};
}

}  // namespace

TEST_CASE("election: beacons and heartbeats tell how fresh the copy is at that moment") {
  LoneNode node(7);
  node.copy = {5, 100};
  CHECK((freshnessOf(node.election.describe(Role::Searching, false)) == Freshness{5, 100}));
  node.copy = {5, 101};
  CHECK((freshnessOf(node.election.describe(Role::Searching, false)) == Freshness{5, 101}));
}

TEST_CASE("election: who lost its leader says at once that it searches") {
  LoneNode node;
  loseLeader(node, {5, 100});
  const auto told = node.all<SendHeartbeat>();
  REQUIRE_FALSE(told.empty());
  CHECK(told.back().second.destination == MacAddress::broadcast());
  CHECK((told.back().second.role == Role::Searching));
}

TEST_CASE("election: a fresher copy of the registry goes first") {
  LoneNode node;
  loseLeader(node, {5, 100});
  SUBCASE("of a later index") {
    node.hear(otherNode(90, Role::Searching, 5, {5, 101}));
  }
  SUBCASE("of a later term, though its index is lower") {
    node.hear(otherNode(90, Role::Searching, 5, {6, 3}));
  }
  SUBCASE("of a follower that misses the leader, too") {
    auto follower = otherNode(90, Role::Following, 5, {5, 101});
    follower.wantsAnswer = true;
    node.hear(follower);
  }
  SUBCASE("heard on the parent") {
    node.hearOnParent(otherNode(90, Role::Following, 5, {5, 101}));
  }
  node.pass(1400ms);
  CHECK(node.is(State::Probing));
  CHECK(node.election.reason() ==
        "pi-90 has a fresher copy of the registry: letting it lead first, for 1.5 s at most");
  node.hear(otherNode(90, Role::Leading, 6));
  CHECK(node.is(State::Joining));
}

TEST_CASE("election: while another node hears a leader and follows it, this one takes no lead") {
  LoneNode node;
  loseLeader(node, {5, 100});
  node.pass(1ms);
  node.passHearing(otherNode(20, Role::Following, 5, {5, 90}), 20s);
  CHECK(node.is(State::Probing));
  CHECK(node.election.reason() ==
        "pi-20 follows a leader that this node does not hear: waiting for it");
  node.hear(otherNode(20, Role::Searching, 5, {5, 90}));
  node.pass(300ms);
  CHECK(node.is(State::Leading));
}

TEST_CASE("election: what a follower said before this node searched says nothing") {
  LoneNode node;
  node.copy = {5, 100};
  node.follow(kLeader);
  node.hear(otherNode(20, Role::Following, 5, {5, 90}));
  node.hear(otherNode(9, Role::Searching, 5));
  node.pass(1ms);
  CHECK(node.is(State::Probing));
  node.pass(100ms);
  CHECK(node.is(State::Leading));
}

TEST_CASE("election: nobody is let go first whose copy goes as far, or only in another cluster") {
  LoneNode node;
  auto foreign = otherNode(91, Role::Searching, 5, {5, 200});
  foreign.clusterId = "garage";
  loseLeader(node, {5, 100});
  node.hear(otherNode(90, Role::Searching, 5, {5, 100}));
  node.hear(foreign);
  node.pass(100ms);
  CHECK(node.is(State::Leading));
}

TEST_CASE("election: the term of the election tells nothing about a copy") {
  LoneNode node;
  loseLeader(node, {5, 100});
  node.hear(otherNode(90, Role::Searching, 50, {5, 99}));
  node.pass(100ms);
  CHECK(node.is(State::Leading));
}

TEST_CASE("election: a fresher node that lives and does not lead holds up for 1.5 s in all") {
  LoneNode node;
  loseLeader(node, {5, 100});
  for (int i = 0; i < 15; ++i) {
    node.hear(otherNode(i < 8 ? 90 : 91, Role::Searching, 5, {5, 101}));
    node.pass(100ms);
    CHECK(node.is(State::Probing));
  }
  node.hear(otherNode(91, Role::Searching, 5, {5, 101}));
  node.pass(200ms);
  CHECK(node.is(State::Leading));
}

TEST_CASE("election: a fresher node that says it leaves is waited for no longer") {
  LoneNode node;
  loseLeader(node, {5, 100});
  node.hear(otherNode(90, Role::Searching, 5, {5, 101}));
  node.pass(500ms);
  CHECK(node.is(State::Probing));
  node.hear(otherNode(90, Role::Leaving, 5, {5, 101}));
  node.pass(300ms);
  CHECK(node.is(State::Leading));
}

TEST_CASE("election: a fresher node that comes while the probes are under way goes first") {
  LoneNode node;
  loseLeader(node, {5, 100});
  node.pass(50ms);
  REQUIRE(node.probes() == 1);
  node.hear(otherNode(90, Role::Searching, 5, {5, 101}));
  node.pass(500ms);
  CHECK(node.is(State::Probing));
  CHECK(node.probes() == 1);
}

TEST_CASE("election: of two that probe the fresher goes on, whatever their MACs are") {
  LoneNode node;
  loseLeader(node, {5, 100});
  node.hear(otherNode(kLowerMac.bytes.back(), Role::Searching, 5, {5, 99}));
  node.pass(10ms);
  node.arpProbe(kLowerMac);
  node.pass(90ms);
  CHECK(node.is(State::Leading));
}

TEST_CASE("election: a cold start waits 10 s for known members that may have a fresher copy") {
  LoneNode node(twoMembers());
  node.copy = {5, 100};
  node.plugIn();
  node.pass(1s);
  CHECK(node.election.reason() ==
        "waiting for pi-20, pi-30, whose copy of the registry may be fresher, for 10 s at most");
  node.hear(otherNode(20, Role::Searching, 5, {5, 90}));
  node.pass(1s);
  CHECK(node.election.reason() ==
        "waiting for pi-30, whose copy of the registry may be fresher, for 10 s at most");

  SUBCASE("one does not come") {
    node.pass(7900ms);
    CHECK(node.probes() == 0);
    node.pass(800ms);
    CHECK(node.is(State::Leading));
  }
  SUBCASE("all are there and this one is the freshest") {
    node.hearOnParent(otherNode(30, Role::Searching, 5, {4, 500}));
    node.pass(700ms);
    CHECK(node.is(State::Leading));
  }
  SUBCASE("all are there and another is fresher: it leads, though it may take its time") {
    const auto fresher = otherNode(30, Role::Searching, 5, {5, 101});
    node.passHearing(fresher, 11s);
    CHECK(node.probes() == 0);
    node.hear(otherNode(30, Role::Leading, 6));
    CHECK(node.is(State::Joining));
  }
  SUBCASE("a leader is there") {
    node.hear(otherNode(40, Role::Leading, 6));
    CHECK(node.is(State::Joining));
  }
}

TEST_CASE("election: who waits after a cold start tells of itself on the link, too") {
  LoneNode node(twoMembers());
  node.plugIn();
  node.pass(200ms);
  node.done.clear();
  node.pass(5s);
  CHECK(node.count<SendHeartbeat>() >= 9);
  CHECK(node.count<SendHeartbeat>() <= 11);
}

TEST_CASE("election: a node that has lost its copy lets others lead after a cold start") {
  LoneNode node(Election::Memory{5, {}});
  node.copy = {};
  node.plugIn();
  node.pass(9900ms);
  CHECK(node.is(State::Probing));
  CHECK(node.election.reason() ==
        "this node has no copy of the registry any more: waiting for one that has, for 10 s at "
        "most");
  node.pass(800ms);
  CHECK(node.is(State::Leading));
}

TEST_CASE("election: who hears a leader that it may not join yet takes no lead") {
  LoneNode node(9);
  node.plugIn();
  for (int i = 0; i < 10; ++i) {
    node.pass(300ms);
    node.hear(otherNode(20, Role::Leading, 5));
  }
  CHECK(node.is(State::Probing));
  CHECK(node.election.reason() == "pi-20 leads: waiting to join it");
}

TEST_CASE("election: the wait of a cold start begins when the link is up, and can be off") {
  LoneNode late(twoMembers());
  late.pass(60s);
  late.plugIn();
  late.pass(9900ms);
  CHECK(late.is(State::Probing));
  late.pass(800ms);
  CHECK(late.is(State::Leading));

  Timing timing;
  timing.coldStartWait = 0ms;
  Precedence precedence(timing, "lab", twoMembers().members, false);
  CHECK_FALSE(precedence.reasonToWait(TimePoint{1h}, {5, 100}, {}));
}

TEST_CASE("election: a node that followed waits for no members when it loses its leader") {
  LoneNode node(twoMembers());
  loseLeader(node, {5, 100});
  node.pass(100ms);
  CHECK(node.is(State::Leading));
}

TEST_CASE("election: a fresher node is given its time also by one that knew no members") {
  LoneNode node;
  node.plugIn();
  node.passHearing(otherNode(90, Role::Searching, 5, {5, 101}), 11s);
  CHECK(node.is(State::Probing));
  node.passHearing(otherNode(90, Role::Searching, 5, {5, 101}), 2s);
  CHECK(node.is(State::Leading));
}

#include <doctest/doctest.h>

#include "unit/election/lone_node.hpp"

using namespace cluster_lab;
using namespace cluster_lab::election;
using namespace cluster_lab::election::test;

namespace {

const wire::Beacon kLeader = otherNode(9, Role::Leading, 4);

}  // namespace

TEST_CASE("election: a node that joined follows and tells its leader every 500 ms that it lives") {
  LoneNode node;
  node.plugIn();
  node.hear(kLeader);
  node.done.clear();
  node.feed(Joined{});
  CHECK(node.is(State::Following));
  REQUIRE(node.count<SendHeartbeat>() == 1);  // at once
  CHECK(node.all<SendHeartbeat>().front().second.destination == kLeader.linkMac);
  CHECK((node.all<SendHeartbeat>().front().second.role == Role::Following));
  node.done.clear();
  node.passHearing(kLeader, 5s);
  std::size_t told = 0;
  for (const auto& [when, sent] : node.all<SendHeartbeat>()) {
    told += sent.destination == kLeader.linkMac && sent.role == Role::Following ? 1U : 0U;
  }
  CHECK(told >= 9);
  CHECK(node.count<SendArp>() == 0);
}

TEST_CASE("election: a leader that missed three heartbeats and an ARP request is succeeded") {
  LoneNode node;
  node.follow(kLeader);
  node.pass(1299ms);
  CHECK(node.count<SendArp>() == 0);
  node.pass(1ms);
  CHECK(node.count<SendArp>() == 1);
  node.pass(199ms);
  CHECK(node.is(State::Following));
  node.pass(1ms);
  CHECK(node.is(State::Probing));
  CHECK(node.probes() == 2);  // the request was one already
  node.pass(100ms);
  CHECK(node.is(State::Leading));
  CHECK(node.election.term() == 5);
}

TEST_CASE("election: a leader that answers ARP only is waited for, and the reason says so") {
  LoneNode node;
  node.follow(kLeader);
  node.pass(1400ms);
  for (int i = 0; i < 104; ++i) {
    node.pass(25ms);
    node.arpAnswer(kLeader.linkMac);
  }
  CHECK(node.is(State::Following));
  REQUIRE(node.count<ReasonChanged>() == 1);
  CHECK(node.election.reason().find("its daemon is silent") != std::string::npos);
  node.pass(100ms);  // looked at every 50 ms
  CHECK(node.is(State::Probing));
  node.pass(100ms);
  CHECK(node.is(State::Leading));
}

TEST_CASE("election: a follower that was held up while it asked asks again") {
  LoneNode node;
  node.follow(kLeader);
  node.pass(1400ms);
  REQUIRE(node.count<SendArp>() == 1);
  node.sleep(5s);
  node.feed(DeadlinePassed{});
  CHECK(node.is(State::Following));
  CHECK(node.count<SendArp>() == 2);
  node.pass(200ms);
  CHECK(node.is(State::Probing));
}

TEST_CASE("election: who misses the leader asks on the parent, too") {
  LoneNode node;
  node.follow(kLeader);
  node.pass(1250ms);
  node.done.clear();
  node.pass(100ms);
  REQUIRE(node.count<SendBeacon>() == 1);
  CHECK(node.all<SendBeacon>().front().second.wantsAnswer);
}

TEST_CASE("election: cut off on the link, a follower that hears its leader on the parent waits") {
  LoneNode node;
  node.follow(kLeader);
  node.hearOnParent(kLeader);
  node.pass(1350ms);
  node.hearOnParent(kLeader);  // it was asked
  node.pass(150ms);
  for (int i = 0; i < 10; ++i) {
    node.pass(500ms);
    node.hearOnParent(kLeader);
  }
  CHECK(node.is(State::Blocked));
  CHECK(node.hasProblem("vlan_dropped"));
  CHECK(node.count<HoldLeaderAddress>() == 0);
}

TEST_CASE("election: of those who miss the leader the first makes the others look after it") {
  LoneNode node;
  node.follow(kLeader);
  auto follower = otherNode(20, Role::Following, 4);
  follower.wantsAnswer = true;
  node.pass(650ms);
  node.hear(follower);
  CHECK(node.count<SendArp>() == 0);  // its last heartbeat is not overdue
  node.pass(100ms);
  SUBCASE("it only tells that it lives") {
    follower.wantsAnswer = false;
    node.hear(follower);
    CHECK(node.count<SendArp>() == 0);
  }
  SUBCASE("it asks") {
    node.hear(follower);
    CHECK(node.count<SendArp>() == 1);
  }
  SUBCASE("it has lost it") {
    follower.role = Role::Searching;
    node.hear(follower);
    CHECK(node.count<SendArp>() == 1);
  }
}

TEST_CASE("election: who asks for a leader is told by followers that hear it") {
  LoneNode node;
  node.follow(kLeader);
  auto asker = otherNode(20, Role::Searching, 4);
  node.hear(asker);
  CHECK(node.count<SendHeartbeat>() == 0);  // it does not ask
  asker.wantsAnswer = true;
  SUBCASE("which it lost") {
    asker.role = Role::Following;
  }
  SUBCASE("which it never heard") {
    asker.term = 0;
  }
  node.hear(asker);
  REQUIRE(node.count<SendHeartbeat>() == 1);
  CHECK(node.all<SendHeartbeat>().front().second.destination == asker.linkMac);
  CHECK((node.all<SendHeartbeat>().front().second.role == Role::Following));
}

TEST_CASE("election: an ARP answer from somebody else than the leader does not save it") {
  LoneNode node;
  node.follow(kLeader);
  node.pass(1350ms);
  node.arpAnswer(kHigherMac);
  node.pass(150ms);
  CHECK(node.is(State::Probing));
}

TEST_CASE("election: a heartbeat that comes in time saves the leader") {
  LoneNode node;
  node.follow(kLeader);
  node.pass(1400ms);
  node.hear(kLeader);
  node.pass(1s);
  CHECK(node.is(State::Following));
}

TEST_CASE("election: a reset connection makes a follower look after its leader at once") {
  LoneNode node;
  node.follow(kLeader);
  node.pass(100ms);
  node.feed(LeaderReset{});
  CHECK(node.count<SendArp>() == 1);
  node.pass(200ms);
  CHECK(node.is(State::Probing));
}

TEST_CASE("election: a leader that leaves is succeeded at once") {
  LoneNode node;
  node.follow(kLeader);
  auto leaving = kLeader;
  leaving.role = Role::Leaving;
  SUBCASE("heard on the link") {
    node.hear(leaving);
  }
  SUBCASE("heard on the parent") {
    node.hearOnParent(leaving);
  }
  CHECK(node.is(State::Probing));
  node.pass(100ms);
  CHECK(node.is(State::Leading));
}

TEST_CASE("election: the successor that the leader names leads at once") {
  LoneNode node;
  node.follow(kLeader);
  auto leaving = kLeader;
  leaving.role = Role::Leaving;
  leaving.successor = nodeId(50);
  SUBCASE("heard on the link") {
    node.hear(leaving);
  }
  SUBCASE("heard on the parent") {
    node.hearOnParent(leaving);
  }
  CHECK(node.is(State::Leading));
  CHECK(node.election.term() == 5);
  CHECK(node.probes() == 0);
  CHECK(node.election.reason() == "the leader pi-9 left and handed over to this node");
  node.done.clear();
  node.hear(leaving);  // it says so three times
  CHECK(node.done.empty());
}

TEST_CASE("election: others wait 600 ms for the successor before they probe") {
  LoneNode node;
  node.follow(kLeader);
  node.hearOnParent(otherNode(20, Role::Following, 4));
  auto leaving = kLeader;
  leaving.role = Role::Leaving;
  leaving.successor = nodeId(20);
  node.hear(leaving);
  CHECK(node.election.reason() == "the leader pi-9 left and handed over to pi-20: waiting for it");
  node.pass(599ms);
  CHECK(node.is(State::Probing));
  CHECK(node.probes() == 0);
  SUBCASE("it leads") {
    node.hear(otherNode(20, Role::Leading, 5));
    CHECK(node.is(State::Joining));
  }
  SUBCASE("it does not") {
    node.pass(101ms);
    CHECK(node.is(State::Leading));
  }
}

TEST_CASE("election: what the leader said before it took the lead may come late") {
  LoneNode node;
  node.follow(kLeader);
  node.hearOnParent(otherNode(9, Role::Searching, 3));
  CHECK(node.is(State::Following));
}

TEST_CASE("election: a leader that restarted and searches is lost") {
  LoneNode node;
  node.follow(kLeader);
  node.hear(otherNode(9, Role::Searching, 4));
  CHECK(node.is(State::Probing));
}

TEST_CASE("election: the last beacons of a dead leader do not block its successor") {
  LoneNode node;
  node.follow(kLeader);
  node.hearOnParent(kLeader);
  node.pass(400ms);
  node.hearOnParent(kLeader);
  node.pass(2s);
  CHECK(node.is(State::Leading));
}

TEST_CASE("election: a follower that misses its leader goes over to one of a higher term") {
  LoneNode node;
  node.follow(kLeader);
  node.hear(otherNode(8, Role::Leading, 5));
  CHECK(node.is(State::Following));  // its own leader is there: the two settle it
  node.pass(800ms);
  node.hear(otherNode(70, Role::Leading, 3));
  CHECK(node.is(State::Following));
  node.hear(otherNode(8, Role::Leading, 5));
  CHECK(node.is(State::Joining));
  CHECK(node.election.leader()->name == "pi-8");
}

TEST_CASE("election: a leader that leads anew is joined anew") {
  LoneNode node;
  node.follow(kLeader);
  node.hear(otherNode(9, Role::Leading, 6));
  CHECK(node.is(State::Joining));
  CHECK(node.election.term() == 6);
}

TEST_CASE("election: a failed join is tried again a second later, not at once") {
  LoneNode node;
  node.plugIn();
  node.hear(kLeader);
  node.feed(JoinFailed{{ErrorCode::TimedOut, "no answer from :8500", ""}});
  CHECK(node.is(State::Probing));
  CHECK(node.election.reason().find("no answer from :8500") != std::string::npos);
  node.hear(kLeader);
  CHECK(node.is(State::Probing));
  node.pass(500ms);
  node.hear(kLeader);
  node.arpAnswer(kLeader.linkMac);
  node.pass(500ms);
  node.hear(kLeader);
  CHECK(node.is(State::Joining));
}

TEST_CASE("election: the leader's node address is learnt when it has one") {
  LoneNode node;
  node.follow(kLeader);
  auto later = kLeader;
  later.nodeAddress = Ipv4(0xC0A8C865);
  node.hear(later);
  CHECK(node.election.leader()->nodeAddress == later.nodeAddress);
}

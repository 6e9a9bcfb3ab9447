#include <doctest/doctest.h>

#include "unit/election/lone_node.hpp"

using namespace cluster_lab;
using namespace cluster_lab::election;
using namespace cluster_lab::election::test;

namespace {

std::size_t heartbeatsTo(const LoneNode& node, MacAddress destination) {
  std::size_t number = 0;
  for (const auto& [when, sent] : node.all<SendHeartbeat>()) {
    number += sent.destination == destination && sent.role == Role::Leading ? 1U : 0U;
  }
  return number;
}

}  // namespace

TEST_CASE(
    "election: a leader sends a heartbeat every 500 ms and renews the address thrice in 2 s") {
  LoneNode node;
  node.lead();
  node.done.clear();
  node.pass(10s);
  CHECK(heartbeatsTo(node, MacAddress::broadcast()) == 20);
  CHECK(node.count<HoldLeaderAddress>() == 15);
  CHECK(node.all<HoldLeaderAddress>().front().second.lifetime == 2s);
}

TEST_CASE("election: a new leader announces the address twice") {
  LoneNode node;
  node.lead();
  node.pass(5s);
  CHECK(node.announcements() == 2);
}

TEST_CASE("election: a leader answers who asks at once, but not a flood") {
  LoneNode node;
  node.lead();
  node.pass(100ms);
  node.done.clear();
  auto asker = otherNode(20, Role::Searching, 0);
  asker.wantsAnswer = true;
  node.hear(asker);
  CHECK(heartbeatsTo(node, asker.linkMac) == 1);
  for (int i = 0; i < 1000; ++i) node.hear(asker);
  CHECK(heartbeatsTo(node, asker.linkMac) == 1);
  node.pass(5ms);
  node.hear(asker);
  CHECK(heartbeatsTo(node, asker.linkMac) == 2);
}

TEST_CASE("election: a follower that misses its leader is answered so that all hear it") {
  LoneNode node;
  node.lead();
  node.pass(100ms);
  node.done.clear();
  auto asker = otherNode(20, Role::Following, 1);
  asker.wantsAnswer = true;
  node.hear(asker);
  CHECK(heartbeatsTo(node, MacAddress::broadcast()) == 1);
}

TEST_CASE("election: a leader answers who asks on the parent, ten times a second at most") {
  LoneNode node;
  node.lead();
  node.pass(200ms);
  node.done.clear();
  auto asker = otherNode(20, Role::Searching, 0);
  asker.wantsAnswer = true;
  for (int i = 0; i < 100; ++i) {
    node.hearOnParent(asker);
    node.pass(10ms);
  }
  CHECK(node.count<SendBeacon>() >= 9);
  CHECK(node.count<SendBeacon>() <= 11);
}

TEST_CASE("election: of two leaders the one with the lower term and node id gives up at once") {
  LoneNode node(4);
  node.lead();
  REQUIRE(node.election.term() == 5);
  node.done.clear();

  SUBCASE("the other has a higher term") {
    node.hear(otherNode(10, Role::Leading, 6));
    CHECK(node.is(State::Joining));
    CHECK(node.count<DropLeaderAddress>() == 1);
    CHECK(node.election.leader()->name == "pi-10");
  }
  SUBCASE("the same term and copy, the other has the higher node id") {
    node.hear(otherNode(60, Role::Leading, 5, {1, 1}));
    CHECK(node.is(State::Joining));
  }
  SUBCASE("the same term, the other has the fresher copy") {
    node.hear(otherNode(10, Role::Leading, 5, {1, 2}));
    CHECK(node.is(State::Joining));
  }
  SUBCASE("the same term and copy, this one has the higher node id: it goes on and says so") {
    node.hear(otherNode(10, Role::Leading, 5, {1, 1}));
    CHECK(node.is(State::Leading));
    CHECK(heartbeatsTo(node, {{2, 0, 0, 0, 0, 10}}) == 1);
    node.pass(2s);
    CHECK(node.announcements() == 2);  // caches that followed the other come back
  }
}

TEST_CASE("election: of two leaders the one with more followers goes on, whatever the terms are") {
  LoneNode node(4);
  node.lead();
  auto other = otherNode(60, Role::Leading, 9);
  other.followers = 1;
  node.hear(otherNode(20, Role::Following, 5));
  node.hear(otherNode(21, Role::Following, 5));

  SUBCASE("this one has more: it leads anew, above the other's term") {
    node.hear(other);
    CHECK(node.is(State::Leading));
    CHECK(node.election.term() == 10);
    CHECK(node.election.describe(Role::Leading, false).followers == 2);
  }
  SUBCASE("heard on the parent: the same") {
    node.hearOnParent(other);
    CHECK(node.is(State::Leading));
    CHECK(node.election.term() == 10);
  }
  SUBCASE("the other has more: this one gives up") {
    other.followers = 3;
    node.hear(other);
    CHECK(node.is(State::Joining));
  }
  SUBCASE("the other has more and a lower term: it has to lead anew before it is joined") {
    other.followers = 3;
    other.term = 4;
    node.hear(other);
    CHECK(node.is(State::Probing));
    CHECK(node.count<DropLeaderAddress>() == 2);  // at the start, and now
    other.term = 6;
    node.hear(other);
    CHECK(node.is(State::Joining));
  }
  SUBCASE("those that ask for their leader follow no more") {
    for (const auto number : {std::uint8_t{20}, std::uint8_t{21}}) {
      auto asking = otherNode(number, Role::Following, 5);
      asking.wantsAnswer = true;
      node.hear(asking);
    }
    node.hear(other);
    CHECK(node.is(State::Joining));
  }
  SUBCASE("nor counts what is read after this one was held up: it may be old") {
    node.sleep(1s);
    node.hear(otherNode(20, Role::Following, 5));
    node.hear(otherNode(21, Role::Following, 5));
    node.hear(other);
    CHECK(node.is(State::Joining));
  }
  SUBCASE("nor those that were not heard for more than two heartbeats") {
    node.pass(1040ms);
    CHECK(node.election.describe(Role::Leading, false).followers == 2);
    node.pass(20ms);
    node.hear(other);
    CHECK(node.is(State::Joining));
  }
}

TEST_CASE("election: a leader that gives up tells its followers at once") {
  LoneNode node(4);
  node.lead();
  node.done.clear();
  node.hear(otherNode(60, Role::Leading, 9));
  const auto told = node.all<SendHeartbeat>();
  REQUIRE_FALSE(told.empty());
  CHECK(std::ranges::any_of(told, [](const auto& sent) {
    return sent.second.destination == MacAddress::broadcast() &&
           sent.second.role == Role::Searching;
  }));
}

TEST_CASE(
    "election: a leader that hears a higher leader on the parent only founds no second cluster") {
  LoneNode node(4);
  node.lead();
  auto other = otherNode(10, Role::Leading, 6);
  node.hearOnParent(other);
  CHECK(node.is(State::Probing));
  for (int i = 0; i < 5; ++i) {
    node.pass(1s);
    node.hearOnParent(other);
  }
  CHECK(node.is(State::Blocked));
}

TEST_CASE("election: a leader that hears a lower leader on the parent tells it so at once") {
  LoneNode node(4);
  node.lead();
  node.pass(300ms);
  node.done.clear();
  node.hearOnParent(otherNode(10, Role::Leading, 3));
  CHECK(node.is(State::Leading));
  CHECK(node.count<SendBeacon>() == 1);
}

TEST_CASE("election: a stranger's claim is answered by one announcement in ten seconds") {
  LoneNode node;
  node.lead();
  node.pass(2s);
  node.done.clear();
  for (int i = 0; i < 18; ++i) {
    node.arpAnswer(kLowerMac);
    node.pass(500ms);
  }
  CHECK(node.is(State::Leading));
  CHECK(node.announcements() == 1);
  CHECK(node.hasProblem("stranger"));
  node.pass(1s);
  node.arpAnswer(kLowerMac);
  CHECK(node.announcements() == 2);
  node.pass(31s);
  CHECK_FALSE(node.election.problem());
  CHECK(node.count<ProblemGone>() == 1);
}

TEST_CASE("election: another cluster's leader on the same address is told, not obeyed") {
  LoneNode node;
  node.lead();
  auto foreign = otherNode(90, Role::Leading, 77);
  foreign.clusterId = "garage";
  node.hear(foreign);
  CHECK(node.is(State::Leading));
  CHECK(node.hasProblem("foreign_cluster"));
}

TEST_CASE("election: a leader whose address the kernel took away probes again") {
  LoneNode node;
  node.lead();
  node.feed(LeaderAddressLost{});
  CHECK(node.is(State::Probing));
  node.pass(3s);
  CHECK(node.is(State::Leading));
  CHECK(node.election.term() == 2);
}

TEST_CASE("election: a leader that was stopped for longer than the address lives leads no more") {
  LoneNode node;
  node.lead();
  node.done.clear();
  node.sleep(2s);
  node.hear(otherNode(20, Role::Following, 1));
  CHECK(node.is(State::Probing));
  CHECK(heartbeatsTo(node, MacAddress::broadcast()) == 0);
  node.hear(otherNode(20, Role::Leading, 2));
  CHECK(node.is(State::Joining));
}

TEST_CASE("election: a leader that was stopped for a moment goes on") {
  LoneNode node;
  node.lead();
  node.sleep(1s);
  node.feed(DeadlinePassed{});
  CHECK(node.is(State::Leading));
}

TEST_CASE("election: a leader leads anew above the term of one who comes with a higher one") {
  LoneNode node;
  node.lead();
  node.done.clear();
  auto newcomer = otherNode(20, Role::Searching, 9);
  newcomer.wantsAnswer = true;
  node.hear(newcomer);
  CHECK(node.is(State::Leading));
  CHECK(node.election.term() == 10);
  REQUIRE(node.count<StateChanged>() == 1);
  CHECK((node.all<StateChanged>().front().second.before == State::Leading));
  CHECK(node.count<DropLeaderAddress>() == 0);
}

TEST_CASE("election: who stops says Leaving three times and drops the address") {
  LoneNode node;
  node.lead();
  node.done.clear();
  node.feed(Stop{});
  CHECK(node.is(State::Stopping));
  CHECK(node.count<DropLeaderAddress>() == 1);
  REQUIRE(node.count<SendHeartbeat>() == 3);
  CHECK((node.all<SendHeartbeat>().front().second.role == Role::Leaving));
  CHECK(node.count<SendBeacon>() == 3);
  CHECK(node.election.describe(Role::Leaving, false).successor.isNobody());
  CHECK_FALSE(node.election.nextDeadline());
  node.done.clear();
  node.hear(otherNode(20, Role::Leading, 9));
  CHECK(node.done.empty());
}

TEST_CASE("election: a leader that stops names its successor, after it dropped the address") {
  LoneNode node;
  node.lead();
  node.done.clear();
  node.feed(Stop{nodeId(20)});
  REQUIRE_FALSE(node.done.empty());
  CHECK(std::holds_alternative<DropLeaderAddress>(node.done.front().second));
  CHECK(node.count<SendHeartbeat>() == 3);
  CHECK(node.election.describe(Role::Leaving, false).successor == nodeId(20));
}

TEST_CASE("election: who does not lead has no successor") {
  LoneNode node;
  node.follow(otherNode(9, Role::Leading, 4));
  node.feed(Stop{nodeId(20)});
  CHECK(node.election.describe(Role::Leaving, false).successor.isNobody());
}

#include <doctest/doctest.h>

#include "unit/election/lone_node.hpp"

using namespace cluster_lab;
using namespace cluster_lab::election;
using namespace cluster_lab::election::test;

namespace {

/// Whose random waits are as long as can be.
Election lateElection() {
  return {selfIdentity(),
          Timing{},
          {},
          {[](std::uint32_t bound) { return bound - 1; }, [] { return Freshness{}; }}};
}

}  // namespace

TEST_CASE("election: without a link a node waits and still tells of itself on the parent") {
  LoneNode node;
  node.pass(3s);
  CHECK(node.is(State::WaitingForLink));
  CHECK(node.count<SendBeacon>() >= 3);
  CHECK(node.count<SendArp>() == 0);
}

TEST_CASE("election: a node that hears nobody leads after three probes") {
  LoneNode node;
  const auto begin = node.now;
  node.plugIn();
  node.pass(599ms);
  CHECK(node.is(State::Probing));
  CHECK(node.probes() == 3);
  node.pass(1ms);
  CHECK(node.is(State::Leading));
  CHECK(node.all<HoldLeaderAddress>().front().first == begin + 600ms);
}

TEST_CASE("election: what an earlier life left in the kernel is removed before the first probe") {
  LoneNode node;
  node.plugIn();
  REQUIRE_FALSE(node.done.empty());
  CHECK(std::holds_alternative<DropLeaderAddress>(node.done.front().second));
}

TEST_CASE("election: the random wait before the first probe comes from outside") {
  auto election = lateElection();
  const TimePoint now{1h};
  (void)election.step(now, LinkUp{kSelfMac});
  for (const auto& action : election.step(now + 199ms, DeadlinePassed{})) {
    CHECK_FALSE(std::holds_alternative<SendArp>(action));
  }
  bool probed = false;
  for (const auto& action : election.step(now + 200ms, DeadlinePassed{})) {
    probed = probed || std::holds_alternative<SendArp>(action);
  }
  CHECK(probed);
}

TEST_CASE("election: a searching node asks for an answer on the link and on the parent") {
  LoneNode node;
  node.plugIn();
  const auto asked = node.all<SendHeartbeat>();
  REQUIRE_FALSE(asked.empty());
  CHECK(asked.front().second.destination == MacAddress::broadcast());
  CHECK(asked.front().second.wantsAnswer);
  REQUIRE(node.count<SendBeacon>() == 1);
  CHECK(node.all<SendBeacon>().front().second.wantsAnswer);
}

TEST_CASE("election: of two that probe at once the lower MAC leads and the other waits") {
  LoneNode node;
  node.plugIn();
  node.pass(10ms);

  SUBCASE("this node is the lower one") {
    node.arpProbe(kHigherMac);
    node.pass(590ms);
    CHECK(node.is(State::Leading));
  }
  SUBCASE("this node is the higher one") {
    node.arpProbe(kLowerMac);
    node.pass(790ms);
    CHECK(node.is(State::Probing));
    CHECK(node.probes() == 1);
    node.pass(620ms);
    CHECK(node.is(State::Leading));  // the other never took it
  }
}

TEST_CASE("election: who has not yet sent a probe gives way to any MAC") {
  auto election = lateElection();
  const TimePoint now{1h};
  (void)election.step(now, LinkUp{kSelfMac});
  (void)election.step(now + 100ms, ArpReceived{wire::Arp::probe(kHigherMac, kLeaderAddress)});
  for (const auto& action : election.step(now + 300ms, DeadlinePassed{})) {
    CHECK_FALSE(std::holds_alternative<SendArp>(action));
  }
}

TEST_CASE("election: a leader of the own cluster that is heard is joined without waiting") {
  LoneNode node;
  node.plugIn();
  node.hear(otherNode(9, Role::Leading, 4));
  CHECK(node.is(State::Joining));
  REQUIRE(node.election.leader());
  CHECK(node.election.leader()->name == "pi-9");
  CHECK(node.election.term() == 4);
}

TEST_CASE("election: an ARP answer and then a heartbeat of a leader make a node join") {
  LoneNode node;
  node.plugIn();
  node.pass(10ms);
  node.arpAnswer({{2, 0, 0, 0, 0, 9}});
  node.pass(1s);
  CHECK(node.is(State::Probing));
  node.hear(otherNode(9, Role::Leading, 4));
  CHECK(node.is(State::Joining));
}

TEST_CASE("election: a known node on the address with a silent daemon is waited for, no stranger") {
  LoneNode node;
  node.plugIn();
  node.hearOnParent(otherNode(9, Role::Following, 4));
  for (int i = 0; i < 10; ++i) {
    node.pass(300ms);
    node.arpAnswer({{2, 0, 0, 0, 0, 9}});
  }
  CHECK(node.is(State::Probing));
  CHECK(node.election.reason().find("pi-9 has 192.168.200.1") != std::string::npos);
  node.pass(2s);
  CHECK(node.is(State::Leading));
}

TEST_CASE("election: a node that was stopped while it probed begins anew") {
  LoneNode node;
  node.plugIn();
  node.pass(450ms);
  REQUIRE(node.probes() == 3);
  node.sleep(5s);
  node.feed(DeadlinePassed{});
  CHECK(node.is(State::Probing));
  node.pass(620ms);
  CHECK(node.probes() == 6);
  CHECK(node.is(State::Leading));
}

TEST_CASE("election: terms go on from the stored one and from all that were heard") {
  LoneNode stored(7);
  stored.lead();
  CHECK(stored.election.term() == 8);
  REQUIRE(stored.count<StoreTerm>() == 1);
  CHECK(stored.all<StoreTerm>().front().second.term == 8);

  LoneNode heard(7);
  heard.hearOnParent(otherNode(9, Role::Following, 12));
  heard.lead();
  CHECK(heard.election.term() == 13);
}

TEST_CASE("election: the term is stored and the address held before leading is told") {
  LoneNode node;
  node.lead();
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < node.done.size(); ++i) {
    const auto& action = node.done[i].second;
    const auto* changed = std::get_if<StateChanged>(&action);
    if (std::holds_alternative<StoreTerm>(action) ||
        std::holds_alternative<HoldLeaderAddress>(action) ||
        (changed != nullptr && changed->now == State::Leading)) {
      order.push_back(action.index());
    }
  }
  REQUIRE(order.size() >= 3);
  CHECK(order[0] == Action(StoreTerm{}).index());
  CHECK(order[1] == Action(HoldLeaderAddress{}).index());
  CHECK(order[2] == Action(StateChanged{}).index());
}

TEST_CASE("election: a leader with an older term is told ours before it is joined") {
  LoneNode node(9);
  node.plugIn();
  node.done.clear();
  node.hear(otherNode(20, Role::Leading, 5));
  CHECK(node.is(State::Probing));
  const auto told = node.all<SendHeartbeat>();
  REQUIRE(told.size() == 1);
  CHECK(told.front().second.wantsAnswer);
  CHECK(node.election.describe(Role::Searching, true).term == 9);
  node.hear(otherNode(20, Role::Leading, 10));
  CHECK(node.is(State::Joining));
}

TEST_CASE("election: a link that goes down is waited for again") {
  LoneNode node;
  node.lead();
  node.done.clear();
  node.feed(LinkDown{});
  CHECK(node.is(State::WaitingForLink));
  CHECK(node.count<DropLeaderAddress>() == 1);
  node.plugIn();
  CHECK(node.is(State::Probing));
}

TEST_CASE("election: the own packets, looped back by the network, mean nothing") {
  LoneNode node;
  node.plugIn();
  node.pass(10ms);
  auto own = node.election.describe(Role::Leading, false);
  own.term = 99;
  node.hear(own);
  node.hearOnParent(own);
  node.arpProbe(kSelfMac);
  node.arpAnswer(kSelfMac);
  node.pass(600ms);
  CHECK(node.is(State::Leading));
  CHECK(node.election.term() == 1);
}

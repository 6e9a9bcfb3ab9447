#include <doctest/doctest.h>

#include "election/address_probe.hpp"
#include "election/beacon_schedule.hpp"
#include "election/neighbours.hpp"
#include "unit/election/lone_node.hpp"

using namespace cluster_lab;
using namespace cluster_lab::election;
using namespace cluster_lab::election::test;
using Verdict = AddressProbe::Verdict;

namespace {

constexpr TimePoint kNow{1h};
const Ipv4 kAddress(0xC0A8C865);

}  // namespace

TEST_CASE("address probe: silence after three probes means free") {
  AddressProbe probe(Timing{}, kSelfMac, kAddress, kNow);
  for (int i = 0; i < 3; ++i) {
    const auto packet = probe.due(probe.nextDeadline());
    REQUIRE(packet);
    CHECK(packet->isProbe());
    CHECK(packet->targetIp == kAddress);
    CHECK(probe.verdict() == Verdict::Pending);
  }
  CHECK(probe.nextDeadline() == kNow + 600ms);
  CHECK_FALSE(probe.due(kNow + 600ms));
  CHECK(probe.verdict() == Verdict::Free);
}

TEST_CASE("address probe: a claim means taken, and names the holder") {
  AddressProbe probe(Timing{}, kSelfMac, kAddress, kNow);
  (void)probe.due(kNow);
  probe.received(wire::Arp::announcement(kHigherMac, kAddress));
  CHECK(probe.verdict() == Verdict::Taken);
  CHECK(probe.other() == kHigherMac);
  CHECK_FALSE(probe.due(kNow + 200ms));
}

TEST_CASE("address probe: of two probes the lower MAC goes first") {
  AddressProbe probe(Timing{}, kSelfMac, kAddress, kNow);
  (void)probe.due(kNow);
  probe.received(wire::Arp::probe(kHigherMac, kAddress));
  CHECK(probe.verdict() == Verdict::Pending);
  probe.received(wire::Arp::probe(kLowerMac, kAddress));
  CHECK(probe.verdict() == Verdict::Contended);
}

TEST_CASE("address probe: other addresses and own packets mean nothing") {
  AddressProbe probe(Timing{}, kSelfMac, kAddress, kNow);
  probe.received(wire::Arp::announcement(kHigherMac, kLeaderAddress));
  probe.received(wire::Arp::probe(kLowerMac, kLeaderAddress));
  probe.received(wire::Arp::announcement(kSelfMac, kAddress));
  CHECK(probe.verdict() == Verdict::Pending);
}

TEST_CASE("neighbours: a node is known with where and when it was heard") {
  Neighbours neighbours;
  neighbours.heard(kNow, Medium::Parent, otherNode(1, Role::Searching, 0));
  neighbours.heard(kNow + 1s, Medium::Link, otherNode(1, Role::Leading, 1));
  const auto* node = neighbours.find(nodeId(1));
  REQUIRE(node != nullptr);
  CHECK((node->beacon.role == Role::Leading));
  CHECK(node->heardOnParent == kNow);
  CHECK(node->heardOnLink == kNow + 1s);
  CHECK(node->lastHeard() == kNow + 1s);
  CHECK(neighbours.findByMac({{2, 0, 0, 0, 0, 1}}) == node);
}

TEST_CASE("neighbours: who is silent for 30 s is forgotten") {
  Neighbours neighbours;
  neighbours.heard(kNow, Medium::Parent, otherNode(1, Role::Following, 0));
  CHECK(neighbours.list(kNow + 30s).size() == 1);
  CHECK(neighbours.list(kNow + 31s).empty());
  neighbours.heard(kNow + 31s, Medium::Parent, otherNode(2, Role::Following, 0));
  CHECK(neighbours.find(nodeId(1)) == nullptr);
}

TEST_CASE("neighbours: only the cluster link counts for who is silent") {
  Neighbours neighbours;
  CHECK(neighbours.silentLongerThan(kNow, nodeId(1), 2s));
  neighbours.heard(kNow, Medium::Link, otherNode(1, Role::Following, 0));
  neighbours.heard(kNow + 2s, Medium::Parent, otherNode(1, Role::Following, 0));
  CHECK_FALSE(neighbours.silentLongerThan(kNow + 2s, nodeId(1), 2s));
  CHECK(neighbours.silentLongerThan(kNow + 3s, nodeId(1), 2s));
}

TEST_CASE("neighbours: a node follows as long as it says so on the link, and nothing else") {
  Neighbours neighbours;
  const auto following = otherNode(1, Role::Following, 0);
  neighbours.heard(kNow, Medium::Parent, following);
  CHECK_FALSE(neighbours.find(nodeId(1))->followedOnLink);
  neighbours.heard(kNow, Medium::Link, following);
  neighbours.heard(kNow + 1s, Medium::Parent, following);
  CHECK(neighbours.find(nodeId(1))->followedOnLink == kNow);
  neighbours.heard(kNow + 2s, Medium::Parent, otherNode(1, Role::Searching, 0));
  CHECK_FALSE(neighbours.find(nodeId(1))->followedOnLink);
}

TEST_CASE("neighbours: a flood of made-up nodes does not fill the memory") {
  Neighbours neighbours;
  for (int i = 0; i < 5000; ++i) {
    auto beacon = otherNode(0, Role::Searching, 0);
    beacon.nodeId.bytes[0] = static_cast<std::uint8_t>(i >> 8);
    beacon.nodeId.bytes[1] = static_cast<std::uint8_t>(i);
    neighbours.heard(kNow, Medium::Parent, beacon);
  }
  CHECK(neighbours.all().size() == 1000);
}

TEST_CASE("beacon schedule: one at once, then one a second") {
  BeaconSchedule schedule{Timing{}};
  CHECK(schedule.due(kNow, Role::Searching, 0));
  CHECK_FALSE(schedule.due(kNow + 999ms, Role::Searching, 0));
  CHECK(schedule.due(kNow + 1s, Role::Searching, 0));
}

TEST_CASE(
    "beacon schedule: the followers of a large cluster send less often, its leader does not") {
  BeaconSchedule schedule{Timing{}};
  CHECK(schedule.due(kNow, Role::Following, 100));
  CHECK(schedule.nextDeadline() == kNow + 5s);
  CHECK(schedule.due(kNow + 5s, Role::Leading, 100));
  CHECK(schedule.nextDeadline() == kNow + 6s);
}

TEST_CASE("beacon schedule: a hurry does not go beyond ten a second") {
  BeaconSchedule schedule{Timing{}};
  CHECK(schedule.due(kNow, Role::Leading, 0));
  schedule.hurry(kNow + 10ms);
  CHECK_FALSE(schedule.due(kNow + 99ms, Role::Leading, 0));
  CHECK(schedule.due(kNow + 100ms, Role::Leading, 0));
}

TEST_CASE("beacon schedule: it can be off") {
  Timing timing;
  timing.beacon = 0ms;
  BeaconSchedule schedule{timing};
  CHECK_FALSE(schedule.due(kNow, Role::Leading, 0));
  CHECK(schedule.nextDeadline() == TimePoint::max());
}

#include "etcd/member_plan.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

namespace cluster_lab::etcd {
namespace {

using namespace std::chrono_literals;
using Kind = MemberStep::Kind;

NodeId idOf(std::uint8_t number) {
  NodeId id;
  id.bytes[15] = number;
  return id;
}

Ipv4 addressOf(std::uint32_t number) {
  return Ipv4(Ipv4::parse("192.168.200.100").value().hostOrder() + number);
}

/// Nodes and etcd's members by their numbers; node N's member is N, too.
struct World {
  PlanRequest request{.leader = idOf(1),
                      .nodes = {},
                      .seats = {},
                      .etcdLeader = 0,
                      .wanted = 3,
                      .replaceAfter = 5min,
                      .learnerPatience = 30s,
                      .learnerWaited = {},
                      .settling = false};

  explicit World(unsigned wanted = 3) { request.wanted = wanted; }

  World& node(std::uint8_t number, Duration away = {}) {
    request.nodes.push_back(
        {idOf(number), "pi-" + std::to_string(number), addressOf(number), away});
    return *this;
  }
  World& voter(std::uint8_t number) {
    request.seats.push_back({number, idOf(number), addressOf(number), false});
    return *this;
  }
  World& learner(std::uint8_t number, bool started = true) {
    request.seats.push_back({number, started ? idOf(number) : NodeId{}, addressOf(number), true});
    return *this;
  }
  [[nodiscard]] MemberStep next() const { return planMembers(request); }

  /// Does to etcd's list what the step says.
  void carryOut(const MemberStep& step) {
    auto& seats = request.seats;
    const auto seat = std::ranges::find(seats, step.member, &Seat::member);
    const auto number = step.node.bytes[15];
    switch (step.kind) {
      case Kind::AddLearner:
        learner(number);
        break;
      case Kind::Promote:
        seat->learner = false;
        break;
      case Kind::Move:
        seat->address = step.address;
        break;
      case Kind::Remove:
        seats.erase(seat);
        break;
      case Kind::Unburden:
        request.etcdLeader = step.member;
        break;
      case Kind::Nothing:
        break;
    }
  }

  [[nodiscard]] std::size_t votersThere() const {
    return static_cast<std::size_t>(std::ranges::count_if(request.seats, [this](const Seat& seat) {
      const auto node = std::ranges::find(request.nodes, seat.node, &Candidate::id);
      return !seat.learner && node != request.nodes.end() && node->isThere();
    }));
  }
  [[nodiscard]] std::size_t voters() const {
    return static_cast<std::size_t>(std::ranges::count(request.seats, false, &Seat::learner));
  }

  /// Until nothing is left to do; gives the members that vote then.
  std::set<std::uint64_t> settle() {
    for (int steps = 0; steps < 40; ++steps) {
      const auto step = next();
      if (step.kind == Kind::Nothing) break;
      INFO(step.reason);
      carryOut(step);
      CHECK(votersThere() >= voters() / 2 + 1);
    }
    REQUIRE(next().kind == Kind::Nothing);
    std::set<std::uint64_t> members;
    for (const auto& seat : request.seats) {
      if (!seat.learner) members.insert(seat.member);
    }
    return members;
  }
};

}  // namespace

TEST_CASE("etcd members: of one node one, of two nodes one, of three nodes three") {
  CHECK(World().node(1).voter(1).settle() == std::set<std::uint64_t>{1});
  CHECK(World().node(1).node(2).voter(1).settle() == std::set<std::uint64_t>{1});
  CHECK(World().node(1).node(2).node(3).voter(1).settle() == std::set<std::uint64_t>{1, 2, 3});
}

TEST_CASE("etcd members: no more than wanted, of four nodes three and not four of five wanted") {
  CHECK(World().node(4).node(3).node(2).node(1).voter(1).settle() ==
        std::set<std::uint64_t>{1, 2, 3});
  CHECK(World(5).node(1).node(2).node(3).node(4).voter(1).settle() ==
        std::set<std::uint64_t>{1, 2, 3});
  CHECK(World(5).node(1).node(2).node(3).node(4).node(5).voter(1).settle() ==
        std::set<std::uint64_t>{1, 2, 3, 4, 5});
}

TEST_CASE("etcd members: a learner is added, waited for, promoted") {
  World world;
  world.node(1).node(2).node(3).voter(1);
  const auto add = world.next();
  CHECK(add.kind == Kind::AddLearner);
  CHECK(add.node == idOf(2));
  CHECK(add.address == addressOf(2));
  CHECK(add.reason == "pi-2 becomes one of 3 members");
  world.learner(2, false);
  CHECK(world.next().kind == Kind::Nothing);
  CHECK(world.next().reason == "pi-2 has yet to start its etcd");
  world.request.seats.back().node = idOf(2);
  CHECK(world.next().kind == Kind::Promote);
  CHECK(world.next().member == 2);
}

TEST_CASE("etcd members: a learner that has gone, or has moved, is taken back") {
  auto away = World().node(1).node(2, 31s).node(3).voter(1).learner(2);
  CHECK(away.next().kind == Kind::Remove);
  CHECK(away.next().member == 2);
  auto shortly = World().node(1).node(2, 10s).node(3).voter(1).learner(2);
  CHECK(shortly.next().kind == Kind::Nothing);
  auto unknown = World().node(1).node(3).voter(1).learner(2, false);
  CHECK(unknown.next().kind == Kind::Remove);
  auto moved = World().node(1).node(2).node(3).voter(1).learner(2);
  moved.request.seats.back().address = addressOf(9);
  CHECK(moved.next().kind == Kind::Remove);
}

TEST_CASE("etcd members: who does not start its etcd gives way to another node") {
  auto world = World().node(1).node(2).node(3).node(4).voter(1).learner(2, false);
  CHECK(world.next().kind == Kind::Nothing);
  world.request.learnerWaited = 31s;
  CHECK(world.next().kind == Kind::Remove);
  CHECK(world.next().reason == "pi-2 was to become a member and does not start its etcd");
  world.request.learnerWaited = {};
  world.request.seats.pop_back();
  world.request.nodes[1].unable = true;
  CHECK(world.settle() == std::set<std::uint64_t>{1, 3, 4});
}

TEST_CASE("etcd members: who is away too long is replaced, and only where there is a replacement") {
  World world;
  world.node(1).node(2).node(3, 4min).node(4).voter(1).voter(2).voter(3);
  CHECK(world.next().kind == Kind::Nothing);
  world.request.nodes[2].away = 6min;
  const auto step = world.next();
  CHECK(step.kind == Kind::Remove);
  CHECK(step.member == 3);
  CHECK(step.reason == "pi-3 has been away for too long: pi-4 takes its place");
  CHECK(world.settle() == std::set<std::uint64_t>{1, 2, 4});

  auto alone = World().node(1).node(2).node(3, 6min).voter(1).voter(2).voter(3);
  CHECK(alone.next().kind == Kind::Nothing);
  CHECK(alone.next().reason == "pi-3 is away, and no other node is free");
}

TEST_CASE("etcd members: a member whose node was forgotten is replaced at once") {
  CHECK(World().node(1).node(2).node(4).voter(1).voter(2).voter(3).settle() ==
        std::set<std::uint64_t>{1, 2, 4});
}

TEST_CASE("etcd members: without a majority nothing is changed, and it is said") {
  const auto step =
      World().node(1).node(2, 6min).node(3, 6min).node(4).voter(1).voter(2).voter(3).next();
  CHECK(step.kind == Kind::Nothing);
  CHECK(step.reason == "only 1 of 3 members are there, which is no majority");
}

TEST_CASE("etcd members: the node that leads gets a seat, and another goes for it") {
  World world;
  world.node(1).node(2).node(3).node(4).voter(2).voter(3).voter(4);
  CHECK(world.next().kind == Kind::AddLearner);
  CHECK(world.next().node == idOf(1));
  CHECK(world.next().reason == "pi-1 leads and is no member yet");
  CHECK(world.settle() == std::set<std::uint64_t>{1, 2, 3});
}

TEST_CASE("etcd members: the seat that goes for the leader's is that of who is away for long") {
  World world;
  world.node(1).node(2, 1min).node(3).node(4).voter(2).voter(3).voter(4);
  CHECK(world.next().kind == Kind::Nothing);
  world.request.nodes[1].away = 6min;
  CHECK(world.next().kind == Kind::Remove);
  CHECK(world.next().member == 2);
  CHECK(world.next().reason == "pi-2 has been away for too long: pi-1 takes its place");
  CHECK(world.settle() == std::set<std::uint64_t>{1, 3, 4});
}

TEST_CASE("etcd members: none is added while one is away, which etcd would refuse") {
  World world(5);
  world.node(1).node(2).node(3, 1min).node(4).node(5).voter(1).voter(2).voter(3);
  CHECK(world.next().kind == Kind::Nothing);
  world.request.nodes[2].away = {};
  CHECK(world.next().kind == Kind::AddLearner);
  world.request.nodes[2].away = 6min;
  CHECK(world.next().kind == Kind::Remove);
}

TEST_CASE("etcd members: fewer wanted than there are: they go, the leader stays") {
  World world(1);
  world.request.leader = idOf(2);
  world.node(1).node(2).node(3).voter(1).voter(2).voter(3);
  CHECK(world.settle() == std::set<std::uint64_t>{2});
}

TEST_CASE("etcd members: a node with another address takes its member along") {
  World world;
  world.node(1).node(2).node(3).voter(1).voter(2).voter(3);
  world.request.nodes[1].address = addressOf(9);
  const auto step = world.next();
  CHECK(step.kind == Kind::Move);
  CHECK(step.member == 2);
  CHECK(step.address == addressOf(9));
  CHECK(world.settle() == std::set<std::uint64_t>{1, 2, 3});
}

TEST_CASE("etcd members: etcd is led by another node than the cluster, where there is one") {
  World world;
  world.node(1).node(2, 1min).node(3).voter(1).voter(2).voter(3);
  world.request.etcdLeader = 1;
  CHECK(world.next().kind == Kind::Unburden);
  CHECK(world.next().member == 3);
  CHECK(world.next().reason == "pi-3 leads etcd instead of the node that leads the cluster");
  world.request.etcdLeader = 3;
  CHECK(world.next().kind == Kind::Nothing);
  auto alone = World().node(1).voter(1);
  alone.request.etcdLeader = 1;
  CHECK(alone.next().kind == Kind::Nothing);
}

TEST_CASE("etcd members: a leader that is new moves etcd's leadership, and no member") {
  World world;
  world.node(1).node(2).node(3, 10min).node(4).voter(1).voter(2).voter(3);
  world.request.settling = true;
  CHECK(world.next().kind == Kind::Nothing);
  world.request.etcdLeader = 1;
  CHECK(world.next().kind == Kind::Unburden);
  CHECK(world.next().member == 2);
  world.request.settling = false;
  CHECK(world.next().kind == Kind::Remove);
}

TEST_CASE("etcd members: a node without an address is no candidate") {
  World world;
  world.node(1).node(2).node(3).voter(1);
  world.request.nodes[2].address = {};
  CHECK(world.settle() == std::set<std::uint64_t>{1});
}

}  // namespace cluster_lab::etcd

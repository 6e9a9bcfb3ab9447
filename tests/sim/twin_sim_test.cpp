// Copied cards in worlds that lose and delay frames.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "sim/chance.hpp"
#include "sim/world.hpp"

namespace cluster_lab::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kWorlds = 300;

struct Nodes {
  explicit Nodes(std::uint64_t seed)
      : chance(seed),
        world(chance,
              {.lossPerMille = 20, .duplicatePerMille = 5, .leastDelay = 100us, .mostDelay = 5ms},
              {.stateChanged = [](int, const election::StateChanged&) {},
               .termStored = [](int, std::uint64_t) {},
               .beaconHeard = [](int, const wire::Beacon&) {},
               .trace = {}}) {
    for (int i = 0; i < 3; ++i) world.addNode(0);
  }
  void pass(Duration time) { world.runUntil(world.now() + time); }
  [[nodiscard]] bool areOneCluster() const {
    std::set<NodeId> ids;
    int leaders = 0;
    for (int i = 0; i < 3; ++i) {
      ids.insert(world.node(i).id);
      const auto state = world.node(i).daemon->state();
      if (state == election::State::Leading) ++leaders;
      if (state != election::State::Leading && state != election::State::Following) return false;
    }
    return ids.size() == 3 && leaders == 1;
  }

  Chance chance;
  World world;
};

}  // namespace

TEST_CASE("twins: a copy of a node that runs becomes another node, the first one stays as it is") {
  for (std::uint64_t seed = 1; seed <= kWorlds; ++seed) {
    INFO("seed " << seed);
    Nodes nodes(seed);
    nodes.world.start(0);
    nodes.world.start(1);
    nodes.pass(15s);
    const int original = static_cast<int>(seed % 2);
    const auto id = nodes.world.node(original).id;
    const auto state = nodes.world.node(original).daemon->state();
    nodes.world.copyCard(original, 2);
    nodes.world.start(2);
    nodes.pass(20s);
    REQUIRE(nodes.areOneCluster());
    REQUIRE(nodes.world.node(original).id == id);
    REQUIRE((nodes.world.node(original).daemon->state() == state));
  }
}

TEST_CASE("twins: of two powered on together one keeps the identity, and they end as two nodes") {
  for (std::uint64_t seed = 1; seed <= kWorlds; ++seed) {
    INFO("seed " << seed);
    Nodes nodes(seed);
    const auto id = nodes.world.node(0).id;
    nodes.world.copyCard(0, 1);
    for (int i = 0; i < 3; ++i) nodes.world.start(i);
    nodes.pass(20s);
    REQUIRE(nodes.areOneCluster());
    REQUIRE((nodes.world.node(0).id == id) != (nodes.world.node(1).id == id));
  }
}

}  // namespace cluster_lab::sim

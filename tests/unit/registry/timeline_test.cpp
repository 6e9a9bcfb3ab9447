#include "registry/timeline.hpp"

#include <doctest/doctest.h>

#include "registry/decide_services.hpp"
#include "registry/numbered_rows.hpp"
#include "world.hpp"

namespace cluster_lab::registry {

using test::idOf;
using test::nodeOf;
using test::World;

namespace {

constexpr std::int64_t kTime = 1790000000;

struct History : World {
  /// Carries the decision out with its occurrences; gives those, as "kind: text".
  template <typename Decided>
  std::vector<std::string> happens(Decided decided) {
    const auto before = newestNumber(state.timeline());
    decide::Decision<bool> whole;
    if constexpr (requires { decided->changes; }) {
      whole.changes = decided->changes;
    } else {
      whole.changes = decided.changes;
    }
    whole.changes = withOccurrences(state, std::move(whole.changes), kTime);
    carryOut(whole);
    std::vector<std::string> told;
    for (const auto& [key, row] : state.timeline()) {
      if (key > orderedKey(before)) told.push_back(row.row.kind + ": " + row.row.text);
    }
    return told;
  }
};

using Told = std::vector<std::string>;

}  // namespace

TEST_CASE("timeline: a node joins, falls silent, is back, and leaves") {
  History world;
  CHECK(world.happens(decide::registerNode(world.state, nodeOf(1))) ==
        Told{"joined: pi-1 joined at 192.168.200.101"});
  CHECK(world.happens(decide::registerNode(world.state, nodeOf(1))).empty());
  const auto health = [&](Health status, const char* note) {
    return world.happens(decide::setHealth(world.state, idOf(1), status, note));
  };
  CHECK(health(Health::Critical, "no heartbeat for 2 s") ==
        Told{"silent: pi-1 fell silent: no heartbeat for 2 s"});
  CHECK(health(Health::Critical, "no heartbeat for 3 s").empty());
  CHECK(health(Health::Passing, "alive") == Told{"returned: pi-1 is back"});
  CHECK(world.happens(decide::removeNode(world.state, idOf(1))) == Told{"left: pi-1 left"});
  CHECK(world.state.timeline().begin()->second.row.time == kTime);
}

TEST_CASE("timeline: a leader is told with why, and that a former one leads no more") {
  History world;
  world.happens(decide::registerNode(world.state, nodeOf(1, Role::Leading)));
  CHECK(world.happens(decide::tellLeader(world.state, "pi-2", "pi-1 is silent", kTime)) ==
        Told{"leads: pi-2 leads: pi-1 is silent"});
  CHECK(world.happens(decide::registerNode(world.state, nodeOf(1))) ==
        Told{"follows: pi-1 does not lead any more"});
}

TEST_CASE("timeline: a twin is told with the name that it wanted") {
  History world;
  world.add(nodeOf(1));
  auto twin = nodeOf(2);
  twin.name = "pi-1";
  const auto told = world.happens(decide::registerNode(world.state, twin));
  REQUIRE(told.size() == 2);
  CHECK(told[1].starts_with("renamed: pi-1-000002 wanted to be called pi-1"));
  auto other = nodeOf(3);
  other.name = "pi-1-blue";
  CHECK(world.happens(decide::registerNode(world.state, other)).size() == 1);
}

TEST_CASE("timeline: nodes that are no members, services and keys are not in it") {
  History world;
  auto node = nodeOf(7);
  node.external.emplace().address = "example.net";
  CHECK(world
            .happens(decide::Decision<bool>{
                .changes = {{Table::Nodes, nodeKey(node.id), toJson(node)}}, .answer = true})
            .empty());
  CHECK(world.happens(decide::removeNode(world.state, node.id)).empty());
  world.add(nodeOf(1));
  CHECK(world.happens(decide::putService(world.state, test::serviceOf(1))).empty());
  CHECK(world.happens(decide::putKey(world.state, {.key = "k", .value = "v", .checkAndSet = {}}))
            .empty());
}

TEST_CASE("timeline: the newest 256 are kept, and numbers go on") {
  History world;
  for (std::size_t i = 0; i < kNewestKept + 3; ++i) {
    world.happens(decide::tellLeader(world.state, "pi-1", std::to_string(i), 0));
  }
  CHECK(world.state.timeline().size() == kNewestKept);
  CHECK(world.state.timeline().begin()->first == orderedKey(4));
  CHECK(newestNumber(world.state.timeline()) == kNewestKept + 3);
}

}  // namespace cluster_lab::registry

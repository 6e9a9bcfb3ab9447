// A member's own service, and what becomes of a member that does not come back.
#include <doctest/doctest.h>

#include "registry/decide_catalog.hpp"
#include "registry/decide_services.hpp"
#include "registry/row_json.hpp"
#include "registry/timeline.hpp"
#include "world.hpp"

namespace cluster_lab::registry {

using test::idOf;
using test::nodeOf;
using test::World;

namespace {

std::vector<NodeId> tagged(const World& world, const std::string& tag) {
  std::vector<NodeId> nodes;
  for (const auto& [key, service] : world.state.services()) {
    if (service.row.name == kClusterService && service.row.tags == std::vector{tag}) {
      nodes.push_back(service.row.node);
    }
  }
  return nodes;
}

void silence(World& world, std::uint8_t node) {
  world.carryOut(decide::setHealth(world.state, idOf(node), Health::Critical, "Agent not live"));
}

}  // namespace

TEST_CASE("member: each has the service cluster-lab, and one the tag leader") {
  World world;
  world.add(nodeOf(1, Role::Leading));
  world.add(nodeOf(2));
  CHECK(tagged(world, "leader") == std::vector{idOf(1)});
  CHECK(tagged(world, "follower") == std::vector{idOf(2)});
  CHECK(world.state.findService(idOf(1), kClusterService)->row.port == 8500);
}

TEST_CASE("member: who leads takes the tag from the one before in the same change set") {
  World world;
  world.add(nodeOf(1, Role::Leading));
  world.add(nodeOf(2));
  const auto before = world.index();
  world.add(nodeOf(2, Role::Leading));
  CHECK(world.index() == before + 1);
  CHECK(tagged(world, "leader") == std::vector{idOf(2)});
  CHECK((world.state.findNode(idOf(1))->row.role == Role::Following));
}

TEST_CASE("member: the same registration again changes nothing") {
  World world;
  world.add(nodeOf(1, Role::Leading));
  CHECK(decide::registerNode(world.state, nodeOf(1, Role::Leading))->changes.empty());
}

TEST_CASE("member: neither its agent nor a client takes its service away") {
  World world;
  world.add(nodeOf(1));
  world.carryOut(decide::syncServices(world.state, {idOf(1), {test::serviceOf(1)}, {}}));
  CHECK(tagged(world, "follower").size() == 1);
  CatalogDeregistration gone;
  gone.node = "pi-1";
  gone.serviceId = kClusterService;
  CHECK_FALSE(decide::deregisterEntity(world.state, gone));
  auto own = test::serviceOf(1, "cluster-lab");
  own.id = kClusterService;
  CHECK_FALSE(decide::syncServices(world.state, {idOf(1), {own}, {}}));
}

TEST_CASE("member: its service goes with it") {
  World world;
  world.add(nodeOf(1));
  world.carryOut(decide::removeNode(world.state, idOf(1)));
  CHECK(world.state.services().empty());
}

TEST_CASE("member: a silent one is forgotten by name or id, with all that is its own") {
  for (const auto& name : {std::string("pi-1"), idOf(1).toString()}) {
    World world;
    world.add(nodeOf(1));
    world.carryOut(decide::putService(world.state, test::serviceOf(1)));
    world.carryOut(decide::putLease(
        world.state, {.mac = nodeOf(1).mac, .address = nodeOf(1).address, .hostName = "pi-1"}));
    Engine engine;
    engine.node = idOf(1);
    world.carryOut(decide::putEngine(world.state, engine));
    silence(world, 1);
    CHECK(world.carryOut(decide::forgetMember(world.state, name, false)) == idOf(1));
    CHECK(world.state.nodes().empty());
    CHECK(world.state.services().empty());
    CHECK(world.state.checks().empty());
    CHECK(world.state.leases().empty());
    CHECK(world.state.engines().empty());
  }
}

TEST_CASE("member: a living one is forgotten by force only, a stranger never") {
  World world;
  world.add(nodeOf(1));
  CHECK(decide::forgetMember(world.state, "pi-1", false).error().code == ErrorCode::Conflict);
  CHECK(decide::forgetMember(world.state, "pi-1", true)->answer == idOf(1));
  CHECK(decide::forgetMember(world.state, "pi-7", true).error().code == ErrorCode::NotFound);
}

TEST_CASE("member: one that comes back gets its name, or one of its own if another has it") {
  World world;
  world.add(nodeOf(1));
  world.carryOut(decide::forgetNode(world.state, idOf(1)));
  CHECK(world.add(nodeOf(1)) == "pi-1");
  world.carryOut(decide::forgetNode(world.state, idOf(1)));
  auto other = nodeOf(2);
  other.name = "pi-1";
  CHECK(world.add(other) == "pi-1");
  CHECK(world.add(nodeOf(1)) == "pi-1-000001");
}

TEST_CASE("member: the time line tells one that was forgotten from one that left") {
  World world;
  world.add(nodeOf(1));
  world.add(nodeOf(2));
  silence(world, 1);
  const auto gone =
      withOccurrences(world.state, decide::forgetNode(world.state, idOf(1)).changes, 1790000000);
  CHECK(gone.back().value->find(R"("kind":"forgotten")") != std::string::npos);
  const auto left =
      withOccurrences(world.state, decide::removeNode(world.state, idOf(2)).changes, 1790000000);
  CHECK(left.back().value->find(R"("kind":"left")") != std::string::npos);
}

}  // namespace cluster_lab::registry

#include "registry/decide_services.hpp"

#include <doctest/doctest.h>

#include "world.hpp"

namespace cluster_lab::registry {

using test::checkOf;
using test::idOf;
using test::nodeOf;
using test::serviceOf;
using test::World;

namespace {

NodeServices webOf(std::uint8_t node) {
  return {.node = idOf(node), .services = {serviceOf(node)}, .checks = {checkOf(serviceOf(node))}};
}

}  // namespace

TEST_CASE("decide services: a sync puts what is missing and deletes what is too much") {
  World world;
  world.add(nodeOf(1));
  world.add(nodeOf(2));
  world.carryOut(decide::syncServices(world.state, webOf(1)));
  world.carryOut(decide::syncServices(world.state, webOf(2)));
  CHECK(world.state.services().size() == 4);
  CHECK(world.state.checks().size() == 4);

  world.carryOut(
      decide::syncServices(world.state, {.node = idOf(1), .services = {}, .checks = {}}));
  CHECK(world.state.findService(idOf(1), "web-1") == nullptr);
  CHECK(world.state.serfHealthOf(idOf(1)) != nullptr);
  CHECK(world.state.findService(idOf(1), kClusterService) != nullptr);
  CHECK(world.state.services().size() == 3);
  CHECK(world.state.checks().size() == 3);
}

TEST_CASE("decide services: the same again changes nothing") {
  World world;
  world.add(nodeOf(1));
  world.carryOut(decide::syncServices(world.state, webOf(1)));
  CHECK(decide::syncServices(world.state, webOf(1))->changes.empty());
}

TEST_CASE("decide services: what does not fit together is refused") {
  World world;
  CHECK(decide::syncServices(world.state, webOf(1)).error().code == ErrorCode::NotFound);
  world.add(nodeOf(1));
  auto strange = webOf(1);
  strange.services.front().node = idOf(2);
  CHECK_FALSE(decide::syncServices(world.state, strange));
  auto orphan = webOf(1);
  orphan.services.clear();
  CHECK_FALSE(decide::syncServices(world.state, orphan));
  auto forged = webOf(1);
  forged.checks.front().id = kSerfHealth;
  CHECK_FALSE(decide::syncServices(world.state, forged));
}

TEST_CASE("decide services: a service is found by its name in any case, with its own index") {
  World world;
  world.add(nodeOf(1));
  world.carryOut(decide::putService(world.state, serviceOf(1)));
  const auto before = world.index();
  CHECK(world.state.serviceIndex().instances("WEB").size() == 1);
  CHECK(world.state.serviceIndex().index("web") == before);

  world.carryOut(decide::putService(world.state, serviceOf(1, "db")));
  CHECK(world.state.serviceIndex().index("web") == before);
  world.carryOut(decide::putCheck(world.state, checkOf(serviceOf(1))));
  CHECK(world.state.serviceIndex().index("web") == world.index());
  world.carryOut(decide::setHealth(world.state, idOf(1), Health::Critical, "silent"));
  CHECK(world.state.serviceIndex().index("web") == world.index());
  CHECK(world.state.serviceIndex().index("db") == world.index());
  world.carryOut(decide::removeService(world.state, idOf(1), "web-1"));
  CHECK(world.state.serviceIndex().instances("web").empty());
  CHECK(world.state.serviceIndex().index("web") == world.index());
}

}  // namespace cluster_lab::registry

#include "registry/consequences.hpp"

#include <doctest/doctest.h>

#include "registry/decide_services.hpp"
#include "registry/row_json.hpp"
#include "world.hpp"

namespace cluster_lab::registry {

using test::checkOf;
using test::idOf;
using test::nodeOf;
using test::serviceOf;
using test::World;

namespace {

/// Node 1 with a service, its check, and a session "s" bound to that check, which holds "lock".
World worldWithLock(SessionBehavior behavior = SessionBehavior::Release) {
  World world;
  world.add(nodeOf(1));
  world.carryOut(decide::putService(world.state, serviceOf(1)));
  world.carryOut(decide::putCheck(world.state, checkOf(serviceOf(1))));
  Session session;
  session.id = "s";
  session.node = idOf(1);
  session.nodeChecks = {"serfHealth"};
  session.serviceChecks = {checkOf(serviceOf(1)).id};
  session.behavior = behavior;
  const KvPair lock{.value = "v", .flags = 0, .lockIndex = 1, .session = "s"};
  world.carryOut(decide::Decision<bool>{
      .changes = {{Table::Sessions, "s", toJson(session)}, {Table::Kv, "lock", toJson(lock)}}});
  return world;
}

const KvPair& lockOf(const World& world) {
  return world.state.kv().find("lock")->second.row;
}

}  // namespace

TEST_CASE("consequences: a node takes its services, checks and sessions along") {
  auto world = worldWithLock();
  world.carryOut(decide::removeNode(world.state, idOf(1)));
  CHECK(world.state.services().empty());
  CHECK(world.state.checks().empty());
  CHECK(world.state.sessions().empty());
  CHECK(lockOf(world).session.empty());
  CHECK(lockOf(world).lockIndex == 1);
}

TEST_CASE("consequences: a service takes its checks along, and they the sessions bound to them") {
  auto world = worldWithLock();
  world.carryOut(decide::removeService(world.state, idOf(1), "web-1"));
  CHECK(world.state.checks().size() == 1);  // serfHealth
  CHECK(world.state.sessions().empty());
}

TEST_CASE("consequences: a critical check ends its sessions, a warning one does not") {
  auto world = worldWithLock();
  world.carryOut(decide::putCheck(world.state, checkOf(serviceOf(1), Health::Warning)));
  CHECK(world.state.sessions().size() == 1);
  world.carryOut(decide::putCheck(world.state, checkOf(serviceOf(1), Health::Critical)));
  CHECK(world.state.sessions().empty());
}

TEST_CASE("consequences: a silent node's sessions end") {
  auto world = worldWithLock();
  world.carryOut(decide::setHealth(world.state, idOf(1), Health::Critical, "silent"));
  CHECK(world.state.sessions().empty());
  CHECK(world.state.findService(idOf(1), "web-1") != nullptr);
}

TEST_CASE("consequences: a session that deletes its keys deletes them") {
  auto world = worldWithLock(SessionBehavior::Delete);
  world.carryOut(decide::removeNode(world.state, idOf(1)));
  CHECK(world.state.kv().empty());
}

TEST_CASE("consequences: a key that the same change sets anew is not released over it") {
  auto world = worldWithLock();
  const KvPair other{.value = "w", .flags = 0, .lockIndex = 2, .session = {}};
  const auto changes = withConsequences(
      world.state, {{Table::Kv, "lock", toJson(other)}, {Table::Sessions, "s", std::nullopt}});
  CHECK(changes.size() == 2);
}

}  // namespace cluster_lab::registry

#include "registry/decide.hpp"

#include <doctest/doctest.h>

#include "world.hpp"

namespace cluster_lab::registry {

using test::idOf;
using test::nodeOf;
using test::World;

TEST_CASE("decide: a new node is passing and gets the name it wants") {
  World world;
  CHECK(world.add(nodeOf(1)) == "pi-1");
  REQUIRE(world.state.serfHealthOf(idOf(1)) != nullptr);
  CHECK((world.state.serfHealthOf(idOf(1))->row.status == Health::Passing));
}

TEST_CASE("decide: a node that registers again as it is changes nothing") {
  World world;
  world.add(nodeOf(1));
  CHECK(decide::registerNode(world.state, nodeOf(1))->changes.empty());
}

TEST_CASE("decide: of two nodes of one name the later is told apart by its MAC address") {
  World world;
  world.add(nodeOf(1));
  auto twin = nodeOf(2);
  twin.name = "PI-1";
  CHECK(world.add(twin) == "PI-1-000002");
  CHECK(world.add(twin) == "PI-1-000002");
  CHECK(world.add(nodeOf(1)) == "pi-1");
}

TEST_CASE("decide: twins even in their MAC address are told apart by their id") {
  World world;
  for (std::uint8_t number = 1; number <= 3; ++number) {
    auto twin = nodeOf(number);
    twin.name = std::string(63, 'x');
    twin.mac = nodeOf(1).mac;
    const auto name = world.add(twin);
    CHECK(name.size() == 63);
    if (number == 3) CHECK(name.ends_with("-00000000"));
  }
}

TEST_CASE("decide: a node that is called otherwise now gets its new name") {
  World world;
  world.add(nodeOf(1));
  auto renamed = nodeOf(1);
  renamed.name = "other";
  CHECK(world.add(renamed) == "other");
  CHECK(world.state.nodes().size() == 1);
}

TEST_CASE("decide: names and labels that clients could not bear are refused") {
  const State state;
  for (const auto* name : {"", "a b", "a/b", "\n"}) {
    auto node = nodeOf(1);
    node.name = name;
    CHECK(decide::registerNode(state, node).error().code == ErrorCode::InvalidArgument);
  }
  auto node = nodeOf(1);
  node.labels["long"] = std::string(513, 'x');
  CHECK_FALSE(decide::registerNode(state, node));
}

TEST_CASE("decide: health changes once, an unknown node is no node") {
  World world;
  world.add(nodeOf(1));
  world.carryOut(decide::setHealth(world.state, idOf(1), Health::Critical, "silent"));
  CHECK(world.state.serfHealthOf(idOf(1))->row.output == "silent");
  CHECK(decide::setHealth(world.state, idOf(1), Health::Critical, "silent")->changes.empty());
  CHECK(decide::setHealth(world.state, idOf(2), Health::Critical, "").error().code ==
        ErrorCode::NotFound);
}

TEST_CASE("decide: a removed node takes its checks and its engine with it and leaves its lease") {
  World world;
  world.add(nodeOf(1));
  world.add(nodeOf(2));
  Engine engine;
  engine.node = idOf(1);
  world.carryOut(decide::putEngine(world.state, engine));
  world.carryOut(decide::putLease(world.state, {nodeOf(1).mac, nodeOf(1).address, "pi-1"}));
  CHECK(world.carryOut(decide::removeNode(world.state, idOf(1))));
  CHECK(world.state.nodes().size() == 1);
  CHECK(world.state.checks().size() == 1);
  CHECK(world.state.engines().empty());
  CHECK(world.state.leases().size() == 1);
  CHECK(decide::removeNode(world.state, idOf(1)).changes.empty());
}

TEST_CASE("decide: an address has one lease") {
  World world;
  const auto where = nodeOf(1).address;
  world.carryOut(decide::putLease(world.state, {nodeOf(1).mac, where, ""}));
  world.carryOut(decide::putLease(world.state, {nodeOf(2).mac, where, ""}));
  REQUIRE(world.state.leases().size() == 1);
  CHECK(world.state.leases().begin()->second.row.mac == nodeOf(2).mac);
  CHECK(world.carryOut(decide::deleteLease(world.state, nodeOf(2).mac)));
  CHECK_FALSE(world.carryOut(decide::deleteLease(world.state, nodeOf(2).mac)));
}

TEST_CASE("decide: the same value again changes nothing, not even ModifyIndex") {
  World world;
  CHECK(world.put("a", "x"));
  CHECK(world.put("a", "x"));
  CHECK(world.index() == 1);
}

TEST_CASE("decide: check-and-set with 0 puts only what is not there") {
  World world;
  CHECK(world.put("a", "x", 0));
  CHECK_FALSE(world.put("a", "y", 0));
  CHECK(world.put("a", "y", 1));
  CHECK_FALSE(world.put("a", "z", 1));
  CHECK_FALSE(world.put("new", "z", 5));
}

TEST_CASE("decide: a check-and-set deletion wants the index; what is gone already is done") {
  World world;
  world.put("a", "x");
  CHECK_FALSE(world.erase("a", false, 0));
  CHECK_FALSE(world.erase("a", false, 7));
  CHECK(world.erase("a", false, 1));
  CHECK(world.erase("a", false, 1));
  CHECK(world.erase("never"));
}

TEST_CASE("decide: a recursive deletion takes all keys that begin so") {
  World world;
  for (const auto* key : {"a", "a/1", "a/2", "ab", "b"}) world.put(key, "");
  CHECK(world.erase("a/", true));
  CHECK(world.state.kv().size() == 3);
  CHECK(world.erase("", true));
  CHECK(world.state.kv().empty());
}

}  // namespace cluster_lab::registry

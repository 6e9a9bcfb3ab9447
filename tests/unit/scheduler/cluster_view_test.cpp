#include "scheduler/cluster_view.hpp"

#include <doctest/doctest.h>

#include "registry_world.hpp"

namespace cluster_lab::scheduler {

TEST_CASE("view: every node is there once, by name, with and without an engine") {
  auto silent = nodeNumber(3);
  silent.health = registry::Health::Critical;
  const auto view = joinView({silent, nodeNumber(2), nodeNumber(1, Role::Leading)},
                             {engineNumber(1), engineNumber(3)});
  REQUIRE(view.engines.size() == 3);
  CHECK(view.engines[0].engine.nodeName == "pi-1");
  CHECK(view.engines[0].status == EngineStatus::Healthy);
  CHECK(view.engines[1].status == EngineStatus::NoEngine);
  CHECK(view.engines[2].status == EngineStatus::Silent);
  CHECK(view.leader.name == "pi-1");
}

TEST_CASE("view: the registry's word on a node wins over its engine's older report") {
  auto node = nodeNumber(1);
  node.registration.name = "kitchen";
  node.registration.labels = {{"size", "big"}};
  const auto view = joinView({node}, {engineNumber(1)});
  CHECK(view.engines[0].engine.nodeName == "kitchen");
  CHECK(view.engines[0].engine.labels.size() == 1);
  CHECK(view.engines[0].engine.version == "20.10.24");
}

TEST_CASE("view: an engine whose node the registry lost is silent") {
  const auto view = joinView({}, {engineNumber(1)});
  REQUIRE(view.engines.size() == 1);
  CHECK(view.engines[0].status == EngineStatus::Silent);
  CHECK(view.leader.id.isNobody());
}

}  // namespace cluster_lab::scheduler

#include "scheduler/engine_facts.hpp"

#include <doctest/doctest.h>

#include "registry_world.hpp"

namespace cluster_lab::scheduler {

TEST_CASE("engine: the facts come from its answer to info, the identity stays") {
  auto engine = engineNumber(1);
  clearEngineFacts(engine);
  CHECK(engine.version.empty());
  CHECK(engine.processors == 0);
  const auto taken = takeEngineInfo(
      R"({"ServerVersion":"28.2.2","NCPU":4,"MemTotal":947871744,"OperatingSystem":"Raspbian",
          "KernelVersion":"6.6","Architecture":"aarch64","Containers":3,"ContainersRunning":1,
          "ContainersPaused":1,"ContainersStopped":1,"Images":9,"Name":"other","Labels":["x=y"]})",
      engine);
  REQUIRE(taken);
  CHECK(engine.nodeName == "pi-1");
  CHECK(engine.labels.empty());
  CHECK(engine.version == "28.2.2");
  CHECK(engine.memoryBytes == 947871744);
  CHECK(engine.containersPaused == 1);
  CHECK(engine.images == 9);
}

TEST_CASE("engine: an answer that is not an engine's is refused, odd members count as zero") {
  auto engine = engineNumber(1);
  for (const auto* answer : {"", "[]", "{}", "<html>", R"({"ServerVersion":7})"}) {
    CHECK_FALSE(takeEngineInfo(answer, engine));
  }
  CHECK(takeEngineInfo(R"({"ServerVersion":"1","NCPU":-3,"Images":"x"})", engine).has_value());
  CHECK(engine.processors == 0);
}

}  // namespace cluster_lab::scheduler

#include "scheduler/engine_probe.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>

#include "registry_world.hpp"
#include "support/skip.hpp"

namespace cluster_lab::scheduler {
namespace {

constexpr auto kEngineSocket = "/var/run/docker.sock";

}  // namespace

TEST_CASE("engine probe: a node without an engine has empty facts and no error") {
  auto engine = engineNumber(1);
  CHECK(probeEngine("/nonexistent/docker.sock", engine).has_value());
  CHECK(engine.version.empty());
  CHECK(engine.processors == 0);
  CHECK(engine.nodeName == "pi-1");
}

TEST_CASE("engine probe: a file that is no socket counts as no engine") {
  auto engine = engineNumber(1);
  CHECK(probeEngine("/etc/hostname", engine).has_value());
  CHECK(engine.version.empty());
}

TEST_CASE("engine probe: this machine's engine tells its version and size") {
  auto engine = engineNumber(1);
  if (::access(kEngineSocket, R_OK | W_OK) != 0) {
    test::skip("no Docker Engine at /var/run/docker.sock that may be asked");
    return;
  }
  REQUIRE(probeEngine(kEngineSocket, engine).has_value());
  if (engine.version.empty()) {
    test::skip("/var/run/docker.sock is left over, no engine answers");
    return;
  }
  CHECK(engine.processors > 0);
  CHECK(engine.memoryBytes > 0);
}

}  // namespace cluster_lab::scheduler

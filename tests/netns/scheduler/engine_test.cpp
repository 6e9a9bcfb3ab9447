// The probe against a real Docker Engine.
#include <doctest/doctest.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>

#include "engine_process.hpp"
#include "scheduler/engine_probe.hpp"
#include "support/skip.hpp"

namespace cluster_lab::scheduler {
namespace {

using namespace std::chrono_literals;

/// Probes until the engine has come up; 30 s at most.
registry::Engine probeStarted(EngineProcess& process) {
  registry::Engine engine;
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  while (engine.version.empty() && process.running() &&
         std::chrono::steady_clock::now() < deadline) {
    static_cast<void>(probeEngine(process.socketPath(), engine));
    ::poll(nullptr, 0, 20);
  }
  return engine;
}

/// What the probe says to a user who may not open the socket, in a process of its own. The exit
/// status says whether that was right.
bool isToldAsStranger(const std::string& socketPath) {
  const pid_t child = ::fork();
  if (child == 0) {
    registry::Engine engine;
    constexpr uid_t kNobody = 65534;
    if (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0) ::_exit(2);
    const auto probed = probeEngine(socketPath, engine);
    const bool told = !probed && probed.error().code == ErrorCode::PermissionDenied &&
                      probed.error().remedy.find("docker") != std::string::npos;
    ::_exit(told && engine.version.empty() ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

TEST_CASE("engine probe: a real engine tells its facts, to those who may ask") {
  if (const auto hindrance = EngineProcess::hindrance(); !hindrance.empty()) {
    return test::skip(hindrance);
  }
  EngineProcess process;
  const auto engine = probeStarted(process);
  if (!process.running()) return test::skip("dockerd does not start on this kernel");
  CHECK(!engine.version.empty());
  CHECK(engine.processors > 0);
  CHECK(engine.memoryBytes > 0);
  CHECK(!engine.operatingSystem.empty());
  CHECK(!engine.kernel.empty());
  CHECK(!engine.architecture.empty());
  CHECK(engine.containers == 0);
  const auto folder = process.socketPath().substr(0, process.socketPath().rfind('/'));
  REQUIRE(::chmod(folder.c_str(), 0755) == 0);
  REQUIRE(::chmod(process.socketPath().c_str(), 0660) == 0);
  CHECK(isToldAsStranger(process.socketPath()));
}

}  // namespace cluster_lab::scheduler

#include <doctest/doctest.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <vector>

#include "os/child_process.hpp"
#include "run_until.hpp"

namespace cluster_lab::os::test {
namespace {

using namespace std::chrono_literals;

struct World {
  explicit World(std::vector<std::string> arguments)
      : supervisor(*loop, {std::move(arguments), {}},
                   {.onLine = [this](std::string_view line) { lines.emplace_back(line); },
                    .onFailure =
                        [this](const Error& error) {
                          failures.push_back(error);
                          failedAt.push_back(loop->now());
                        }}) {}

  std::unique_ptr<EventLoop> loop = makeLoop();
  std::vector<std::string> lines;
  std::vector<Error> failures;
  std::vector<TimePoint> failedAt;
  Supervisor supervisor;
};

}  // namespace

TEST_CASE("supervisor: what ends is started again, after 100 ms, 200 ms, 400 ms") {
  World world({"sh", "-c", "echo hello; exit 3"});
  world.supervisor.start();
  CHECK(world.supervisor.running());
  REQUIRE(runUntil(*world.loop, [&] { return world.failures.size() == 4; }));
  CHECK(world.failures[0].message == "sh ended: exit status 3");
  CHECK(world.lines.size() == 4);
  CHECK(world.failedAt[1] - world.failedAt[0] >= 100ms);
  CHECK(world.failedAt[2] - world.failedAt[1] >= 200ms);
  CHECK(world.failedAt[3] - world.failedAt[2] >= 400ms);
  CHECK_FALSE(world.supervisor.running());
}

TEST_CASE("supervisor: a program that is not there is tried again, too") {
  World world({"no-such-program"});
  world.supervisor.start();
  REQUIRE(runUntil(*world.loop, [&] { return world.failures.size() == 2; }));
  CHECK(world.failures[1].code == ErrorCode::NotFound);
}

TEST_CASE("supervisor: stop ends it, tells no failure and starts nothing") {
  World world({"sh", "-c", "trap 'echo bye; exit 0' TERM; echo $$; while :; do sleep 0.01; done"});
  world.supervisor.start();
  REQUIRE(runUntil(*world.loop, [&] { return world.lines.size() == 1; }));
  const auto pid = std::stoi(world.lines[0]);
  world.supervisor.stop(10s);
  CHECK_FALSE(world.supervisor.running());
  CHECK(kill(pid, 0) == -1);
  CHECK(world.lines.back() == "bye");
  CHECK_FALSE(runUntil(
      *world.loop, [&] { return !world.failures.empty(); }, 150ms));
}

TEST_CASE("supervisor: stop while it waits forgets the restart; start begins at once") {
  World world({"false"});
  world.supervisor.start();
  REQUIRE(runUntil(*world.loop, [&] { return world.failures.size() == 3; }));
  world.supervisor.stop(1s);
  CHECK_FALSE(runUntil(
      *world.loop, [&] { return world.failures.size() > 3; }, 500ms));
  world.supervisor.start();
  CHECK(runUntil(
      *world.loop, [&] { return world.failures.size() == 5; }, 5s));
  CHECK(world.failedAt[4] - world.failedAt[3] < 800ms);
}

TEST_CASE("supervisor: a signal reaches the program") {
  World world({"sh", "-c", "trap 'echo again' HUP; echo ready; while :; do sleep 0.01; done"});
  world.supervisor.start();
  REQUIRE(runUntil(*world.loop, [&] { return world.lines.size() == 1; }));
  world.supervisor.signal(SIGHUP);
  CHECK(runUntil(*world.loop, [&] { return world.lines.back() == "again"; }));
}

TEST_CASE("supervisor: it may be destroyed in onFailure") {
  const auto loop = makeLoop();
  std::unique_ptr<Supervisor> supervisor;
  supervisor = std::make_unique<Supervisor>(
      *loop, Command{{"false"}, {}},
      Supervisor::Events{.onLine = {}, .onFailure = [&](const Error&) { supervisor.reset(); }});
  supervisor->start();
  CHECK(runUntil(*loop, [&] { return supervisor == nullptr; }));
}

}  // namespace cluster_lab::os::test

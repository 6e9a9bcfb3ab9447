#include "agent/publishing.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace std::chrono_literals;

namespace cluster_lab::agent {
namespace {

using Task = Publishing::Task;

const TimePoint kStart{};

/// A leader that has been told of everything at the start.
Publishing told() {
  Publishing publishing;
  publishing.connected(kStart);
  CHECK(publishing.begin(kStart) == Task::Sync);
  publishing.synced();
  return publishing;
}

}  // namespace

TEST_CASE("publishing: a new leader is told of everything at once") {
  Publishing publishing;
  CHECK_FALSE(publishing.nextDeadline());
  publishing.connected(kStart);
  CHECK(publishing.nextDeadline() == kStart);
  CHECK(publishing.begin(kStart) == Task::Sync);
  CHECK_FALSE(publishing.begin(kStart));
}

TEST_CASE("publishing: registrations are told at once, each") {
  auto publishing = told();
  for (const auto now : {kStart + 10ms, kStart + 20ms, kStart + 30ms}) {
    publishing.registrationChanged(now);
    CHECK(publishing.begin(now) == Task::Sync);
  }
}

TEST_CASE("publishing: statuses are told once a second at most") {
  auto publishing = told();
  int syncs = 0;
  for (auto now = kStart; now < kStart + 10s; now += 50ms) {
    publishing.statusChanged(now);
    if (publishing.begin(now)) ++syncs;
  }
  CHECK(syncs == 9);
}

TEST_CASE("publishing: a status that changes after a quiet second is told at once") {
  auto publishing = told();
  publishing.statusChanged(kStart + 5s);
  CHECK(publishing.begin(kStart + 5s) == Task::Sync);
}

TEST_CASE("publishing: an output alone waits for five minutes, or goes with what is told sooner") {
  auto publishing = told();
  publishing.outputChanged(kStart + 1s);
  int syncs = 0;
  for (auto now = kStart + 1s; now < kStart + 301s; now += 1s) {
    publishing.outputChanged(now);
    if (publishing.begin(now) == Task::Sync) ++syncs;
  }
  CHECK(syncs == 0);
  CHECK(publishing.begin(kStart + 301s) == Task::Sync);
  publishing.outputChanged(kStart + 302s);
  publishing.statusChanged(kStart + 310s);
  CHECK(publishing.begin(kStart + 310s) == Task::Sync);
  CHECK(publishing.begin(kStart + 700s) == Task::Compare);
}

TEST_CASE("publishing: what failed is tried again, more and more rarely") {
  auto publishing = told();
  publishing.registrationChanged(kStart);
  auto now = kStart;
  std::vector<Duration> pauses;
  for (int i = 0; i < 7; ++i) {
    REQUIRE(publishing.begin(now) == Task::Sync);
    publishing.failed(now);
    pauses.push_back(*publishing.nextDeadline() - now);
    now = *publishing.nextDeadline();
  }
  CHECK(pauses == std::vector<Duration>{500ms, 1s, 2s, 4s, 8s, 15s, 15s});
}

TEST_CASE("publishing: the catalog is compared every minute") {
  auto publishing = told();
  CHECK(publishing.nextDeadline() == kStart + 60s);
  CHECK(publishing.begin(kStart + 60s) == Task::Compare);
  CHECK(publishing.nextDeadline() == kStart + 120s);
  publishing.differenceFound(kStart + 60s);
  CHECK(publishing.begin(kStart + 60s) == Task::Sync);
}

TEST_CASE("publishing: without a leader nothing is told, and a new one hears it all") {
  auto publishing = told();
  publishing.disconnected();
  publishing.registrationChanged(kStart + 1s);
  CHECK_FALSE(publishing.nextDeadline());
  CHECK_FALSE(publishing.begin(kStart + 2s));
  publishing.connected(kStart + 3s);
  CHECK(publishing.begin(kStart + 3s) == Task::Sync);
}

}  // namespace cluster_lab::agent

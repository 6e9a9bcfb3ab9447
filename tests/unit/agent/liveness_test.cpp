#include "agent/liveness.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;

namespace cluster_lab::agent {
namespace {

const TimePoint kStart{};
const NodeId kOne = NodeId::fromRandom({1});
const NodeId kTwo = NodeId::fromRandom({2});

}  // namespace

TEST_CASE("liveness: a node that is silent for the timeout is told once") {
  Liveness liveness(2s);
  liveness.watch(kStart, kOne);
  CHECK(liveness.check(kStart + 1999ms).empty());
  CHECK(liveness.check(kStart + 2s) ==
        std::vector<Liveness::Verdict>{{kOne, Liveness::Change::Silent}});
  CHECK(liveness.check(kStart + 9s).empty());
}

TEST_CASE("liveness: a node that is silent for long is gone until it is forgotten or heard") {
  Liveness liveness(2s, 72h);
  liveness.watch(kStart, kOne);
  liveness.watch(kStart, kTwo);
  CHECK(liveness.check(kStart + 2s).size() == 2);
  CHECK(liveness.nextDeadline() == kStart + 72h);
  CHECK(liveness.heard(kStart + 71h, kTwo));
  CHECK(liveness.check(kStart + 72h - 1ms).size() == 1);  // two is silent again
  const std::vector<Liveness::Verdict> gone{{kOne, Liveness::Change::Gone}};
  CHECK(liveness.check(kStart + 72h) == gone);
  CHECK(liveness.check(kStart + 73h) == gone);
  liveness.forget(kOne);
  CHECK(liveness.check(kStart + 74h).empty());
}

TEST_CASE("liveness: without a time to forget nobody is ever gone") {
  Liveness liveness(2s);
  liveness.watch(kStart, kOne);
  CHECK(liveness.check(kStart + 2s).size() == 1);
  CHECK(liveness.check(kStart + 10000h).empty());
}

TEST_CASE("liveness: a heartbeat moves the deadline") {
  Liveness liveness(2s);
  liveness.watch(kStart, kOne);
  CHECK_FALSE(liveness.heard(kStart + 1500ms, kOne).has_value());
  CHECK(liveness.check(kStart + 3s).empty());
  CHECK(liveness.nextDeadline() == kStart + 3500ms);
}

TEST_CASE("liveness: a silent node that is heard again is told once") {
  Liveness liveness(2s);
  liveness.watch(kStart, kOne);
  CHECK(liveness.check(kStart + 2s).size() == 1);
  CHECK(liveness.heard(kStart + 5s, kOne) == Liveness::Verdict{kOne, Liveness::Change::Heard});
  CHECK_FALSE(liveness.heard(kStart + 5s, kOne).has_value());
}

TEST_CASE("liveness: a node that left or was never watched is not judged") {
  Liveness liveness(2s);
  liveness.watch(kStart, kOne);
  liveness.forget(kOne);
  CHECK(liveness.check(kStart + 9s).empty());
  CHECK_FALSE(liveness.heard(kStart, kTwo).has_value());
  CHECK_FALSE(liveness.nextDeadline().has_value());
}

TEST_CASE("liveness: watching a node twice does not refresh it") {
  Liveness liveness(2s);
  liveness.watch(kStart, kOne);
  liveness.watch(kStart + 1s, kOne);
  CHECK(liveness.nextDeadline() == kStart + 2s);
}

}  // namespace cluster_lab::agent

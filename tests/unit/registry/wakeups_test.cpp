#include "registry/wakeups.hpp"

#include <doctest/doctest.h>

#include <future>

namespace cluster_lab::registry {

using namespace std::chrono_literals;
using Outcome = Wakeups::Outcome;

namespace {

TimePoint in(std::chrono::milliseconds time) {
  return std::chrono::steady_clock::now() + time;
}

}  // namespace

TEST_CASE("wakeups: a touch between making and waiting is not lost") {
  Wakeups wakeups;
  Wakeups::Waiter waiter(wakeups, {Table::Kv});
  wakeups.touch({Table::Kv});
  CHECK(waiter.wait(in(10s)) == Outcome::Touched);
  CHECK(waiter.wait(in(0s)) == Outcome::Expired);
}

TEST_CASE("wakeups: a touch of another table does not wake") {
  Wakeups wakeups;
  Wakeups::Waiter waiter(wakeups, {Table::Kv, Table::Nodes});
  wakeups.touch({Table::Leases});
  CHECK(waiter.wait(in(0s)) == Outcome::Expired);
}

TEST_CASE("wakeups: one that waits is woken by another thread") {
  Wakeups wakeups;
  Wakeups::Waiter waiter(wakeups, {Table::Kv});
  auto outcome = std::async(std::launch::async, [&] { return waiter.wait(in(10s)); });
  wakeups.touch(TableSet::all());
  CHECK(outcome.get() == Outcome::Touched);
}

TEST_CASE("wakeups: abandoning ends the waiting that is under way, stopping also later ones") {
  Wakeups wakeups;
  Wakeups::Waiter waiter(wakeups, {Table::Kv});
  wakeups.abandon();
  CHECK(waiter.wait(in(10s)) == Outcome::Abandoned);
  Wakeups::Waiter second(wakeups, {Table::Kv});
  CHECK(second.wait(in(0s)) == Outcome::Expired);
  wakeups.stop();
  Wakeups::Waiter third(wakeups, {Table::Kv});
  CHECK(third.wait(in(10s)) == Outcome::Abandoned);
}

}  // namespace cluster_lab::registry

#include "registry/copy_keeper.hpp"

#include <doctest/doctest.h>

#include "counting_store.hpp"
#include "fixture.hpp"

namespace cluster_lab::registry {

using namespace std::chrono_literals;
using test::CountingStore;
using test::idOf;

namespace {

/// A copy of what node 1 writes, on node 2.
struct Copy {
  CountingStore::Written written;
  Core core{{.store = std::make_unique<CountingStore>(written), .state = {}}, idOf(2)};
  std::uint64_t index = 0;

  StreamAnswer next(const std::string& key) {
    const Entry entry{.at = {.term = 1, .writer = idOf(1), .index = ++index},
                      .changes = {{Table::Kv, key, R"({"value":"eA=="})"}}};
    return {.snapshot = std::nullopt, .entries = {entry}, .ages = {}};
  }
  void hear(const std::string& key) { REQUIRE(core.take(next(key))); }
  void keep() { REQUIRE(core.keepCopy()); }
};

}  // namespace

TEST_CASE("copy schedule: nothing new, nothing to write") {
  CopySchedule schedule(1min);
  CHECK_FALSE(schedule.nextWrite());
  schedule.changed();
  schedule.wrote(TimePoint(100s));
  CHECK_FALSE(schedule.nextWrite());
}

TEST_CASE("copy schedule: the first change at once, further ones a minute after the last write") {
  CopySchedule schedule(1min);
  schedule.changed();
  REQUIRE(schedule.nextWrite());
  CHECK(*schedule.nextWrite() <= TimePoint(0s));
  schedule.wrote(TimePoint(100s));
  schedule.changed();
  schedule.changed();
  CHECK(schedule.nextWrite() == TimePoint(160s));
}

TEST_CASE("core: a follower's card gets what came since, in one go, and nothing twice") {
  Copy copy;
  copy.keep();
  CHECK(copy.written.times == 0);
  copy.hear("a");
  copy.hear("b");
  copy.keep();
  copy.keep();
  CHECK(copy.written.times == 1);
  CHECK(copy.written.entries == 2);
  copy.hear("c");
  copy.keep();
  CHECK(copy.written.entries == 3);
  CHECK(copy.written.rows == 0);
}

TEST_CASE("core: what nodes tell of their age is not written") {
  Copy copy;
  copy.hear("a");
  copy.keep();
  REQUIRE(copy.core.take({.snapshot = std::nullopt, .entries = {}, .ages = {{idOf(1), 7s}}}));
  copy.keep();
  CHECK(copy.written.times == 1);
}

TEST_CASE("core: after a whole copy from the leader the whole copy is written") {
  Copy leader;
  leader.hear("a");
  leader.hear("b");
  Copy copy;
  const auto snapshot =
      leader.core.read([](const Core::View& view) { return view.state.snapshot(); });
  REQUIRE(copy.core.take({.snapshot = snapshot, .entries = {}, .ages = {}}));
  copy.keep();
  CHECK(copy.written.rows == 2);
  CHECK(copy.written.entries == 0);
}

TEST_CASE("core: who takes over writes only what its card lacks") {
  Copy copy;
  copy.hear("a");
  copy.keep();
  copy.hear("b");
  REQUIRE(copy.core.lead(2, test::kLeaderAddress));
  CHECK(copy.written.entries == 2);
  CHECK(copy.written.rows == 0);
}

TEST_CASE("copy keeper: the first change is kept soon, the next when the node stops") {
  Copy copy;
  CopyKeeper keeper(copy.core);
  copy.hear("a");
  keeper.changed();
  CHECK(test::eventually([&] { return copy.written.times == 1; }));
  copy.hear("b");
  keeper.changed();
  keeper.stop();
  CHECK(copy.written.times == 2);
  CHECK(copy.written.entries == 2);
}

TEST_CASE("copy keeper: what could not be written is written later") {
  Copy copy;
  CopyKeeper keeper(copy.core);
  copy.written.fails = true;
  copy.hear("a");
  keeper.changed();
  CHECK(test::eventually([&] { return copy.written.times == 1; }));
  copy.written.fails = false;
  keeper.stop();
  CHECK(copy.written.times == 2);
}

}  // namespace cluster_lab::registry

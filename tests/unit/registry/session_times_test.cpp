// What passes with time: TTLs of sessions and lock delays.
#include <doctest/doctest.h>

#include "registry/lock_delays.hpp"
#include "registry/row_json.hpp"
#include "registry/session_timers.hpp"
#include "world.hpp"

namespace cluster_lab::registry {

using namespace std::chrono_literals;
using test::idOf;
using test::nodeOf;
using test::World;

namespace {

constexpr TimePoint kStart{};

struct Sessions : World {
  Sessions() { add(nodeOf(1)); }
  void begin(const std::string& id, const std::string& ttl, std::chrono::nanoseconds delay = 15s) {
    Session session;
    session.id = id;
    session.node = idOf(1);
    session.ttl = ttl;
    session.lockDelay = delay;
    const KvPair lock{.value = {}, .flags = 0, .lockIndex = 1, .session = id};
    carryOut(decide::Decision<bool>{.changes = {{Table::Sessions, id, toJson(session)},
                                                {Table::Kv, "of-" + id, toJson(lock)}}});
  }
  /// Ends the session as the core does at `now`.
  void end(const std::string& id, LockDelays& delays, TimePoint now) {
    const ChangeSet changes = withConsequences(state, {{Table::Sessions, id, std::nullopt}});
    delays.note(state, changes, now);
    carryOut(decide::Decision<bool>{.changes = changes});
  }
};

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("session ttl: ends after twice the time, as with Consul") {
  Sessions world;
  world.begin("a", "10s");
  world.begin("never", "");
  world.begin("zero", "0s");
  SessionTimers timers;
  timers.follow(world.state, kStart);
  CHECK(timers.nextDeadline() == kStart + 20s);
  CHECK(timers.takeExpired(kStart + 19s).empty());
  CHECK(timers.takeExpired(kStart + 20s) == Ids{"a"});
}

TEST_CASE("session ttl: a renewal begins it anew") {
  Sessions world;
  world.begin("a", "10s");
  SessionTimers timers;
  timers.follow(world.state, kStart);
  timers.renew("a", kStart + 15s);
  timers.renew("unknown", kStart + 15s);
  timers.follow(world.state, kStart + 16s);  // following does not renew
  CHECK(timers.takeExpired(kStart + 34s).empty());
  CHECK(timers.takeExpired(kStart + 35s) == Ids{"a"});
}

TEST_CASE("session ttl: one that could not be ended is tried again, one that is gone is not") {
  Sessions world;
  world.begin("a", "10s");
  SessionTimers timers;
  timers.follow(world.state, kStart);
  CHECK(timers.takeExpired(kStart + 20s) == Ids{"a"});
  CHECK(timers.nextDeadline() == kStart + 40s);
  LockDelays delays;
  world.end("a", delays, kStart);
  timers.follow(world.state, kStart + 21s);
  CHECK_FALSE(timers.nextDeadline());
}

TEST_CASE("lock delay: a key is held back when its session ends, for that long") {
  Sessions world;
  world.begin("a", "", 3s);
  LockDelays delays;
  world.end("a", delays, kStart);
  CHECK(delays.holdsBack("of-a", kStart + 2999ms));
  CHECK_FALSE(delays.holdsBack("of-a", kStart + 3s));
  CHECK_FALSE(delays.holdsBack("other", kStart));
}

TEST_CASE("lock delay: none for a session without, nor for a key that was given back") {
  Sessions world;
  world.begin("a", "", 0s);
  world.begin("b", "", 3s);
  world.put("of-b", "x");
  LockDelays delays;
  const KvPair released{.value = {}, .flags = 0, .lockIndex = 1, .session = {}};
  const ChangeSet release = {{Table::Kv, "of-b", toJson(released)}};
  delays.note(world.state, release, kStart);
  world.carryOut(decide::Decision<bool>{.changes = release});
  world.end("a", delays, kStart);
  world.end("b", delays, kStart);
  CHECK_FALSE(delays.holdsBack("of-a", kStart));
  CHECK_FALSE(delays.holdsBack("of-b", kStart));
}

}  // namespace cluster_lab::registry

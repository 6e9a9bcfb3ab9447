#include "registry/core.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>

#include <csignal>
#include <future>
#include <optional>
#include <thread>

#include "fixture.hpp"
#include "registry/decide_kv.hpp"
#include "registry/row_json.hpp"
#include "registry/session_keeper.hpp"
#include "registry/sqlite_store.hpp"

namespace cluster_lab::registry {

using namespace std::chrono_literals;
using test::idOf;
using test::kLeaderAddress;
using test::TemporaryFolder;

namespace {

/// No file of this process can grow while it lives: the card is full.
class FullCard {
 public:
  FullCard() {
    std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    auto none = before_;
    none.rlim_cur = 0;
    setrlimit(RLIMIT_FSIZE, &none);
  }
  ~FullCard() { setrlimit(RLIMIT_FSIZE, &before_); }
  FullCard(const FullCard&) = delete;
  FullCard& operator=(const FullCard&) = delete;

 private:
  rlimit before_{};
};

struct LeadingCore {
  TemporaryFolder folder;
  std::optional<Core> core;

  LeadingCore() {
    core.emplace(SqliteStore::open(folder.path()).value(), idOf(1));
    core->lead(1, kLeaderAddress).value();
  }
  void end() { core.reset(); }

  Result<bool> put(const std::string& key, const std::string& value = "v") {
    return core->writeKey(key, [&](const State& state) {
      return decide::putKey(state, {.key = key, .value = value, .flags = 0, .checkAndSet = {}});
    });
  }
  std::size_t keys() const {
    return core->read([](const Core::View& view) { return view.state.kv().size(); });
  }
  std::uint64_t index() const {
    return core->read([](const Core::View& view) { return view.state.position().index; });
  }
};

/// Writes as many keys of its own as are wanted, at the same time as others.
std::future<void> writer(LeadingCore& world, const std::string& name, int count) {
  return std::async(std::launch::async, [&world, name, count] {
    for (int i = 0; i < count; ++i) world.put(name + std::to_string(i)).value();
  });
}

}  // namespace

TEST_CASE("core: many writers at once are stored one after another, none is lost") {
  constexpr int kWriters = 8;
  constexpr int kEach = 50;
  LeadingCore world;
  std::vector<std::future<void>> writers;
  for (int i = 0; i < kWriters; ++i) {
    writers.push_back(writer(world, std::to_string(i) + "/", kEach));
  }
  for (auto& each : writers) each.get();
  CHECK(world.keys() == kWriters * kEach);
  CHECK(world.index() == kWriters * kEach);
  world.end();
  CHECK(SqliteStore::open(world.folder.path()).value().state.kv().size() == kWriters * kEach);
}

TEST_CASE("core: on a full card every write fails, changes nothing, and the next one is stored") {
  LeadingCore world;
  world.put("before").value();
  {
    const FullCard full;
    std::vector<std::future<Result<bool>>> writes;
    for (int i = 0; i < 8; ++i) {
      writes.push_back(std::async(std::launch::async, [&world, i] {
        return world.put("key" + std::to_string(i), std::string(100000, 'x'));
      }));
    }
    for (auto& write : writes) CHECK_FALSE(write.get());
    CHECK(world.keys() == 1);
    CHECK(world.index() == 1);
  }
  world.put("after").value();
  CHECK(world.index() == 2);
}

TEST_CASE("core: who does not lead writes nothing") {
  LeadingCore world;
  world.core->wander();
  const auto refused = world.put("a");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::Unavailable);
}

TEST_CASE("session keeper: a session that is not renewed ends by itself") {
  LeadingCore world;
  SessionKeeper keeper(*world.core);
  keeper.start();
  Session session;
  session.id = "11111111-1111-4111-8111-111111111111";
  session.node = idOf(1);
  session.ttl = "5ms";
  const auto begin = [&](const State&) {
    return decide::Decision<bool>{.changes = {{Table::Sessions, session.id, toJson(session)}},
                                  .answer = true};
  };
  world.core->write(begin).value();
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  const auto isThere = [&] {
    return world.core->read([](const Core::View& view) { return !view.state.sessions().empty(); });
  };
  while (isThere() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  CHECK_FALSE(isThere());
}

}  // namespace cluster_lab::registry

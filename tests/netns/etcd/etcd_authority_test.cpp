#include "etcd/etcd_authority.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <future>

#include "registry/registry.hpp"
#include "registry/row_json.hpp"
#include "server_group.hpp"
#include "support/skip.hpp"

namespace cluster_lab::etcd::test {

using namespace std::chrono_literals;
using registry::Entry;
using registry::State;
using registry::Table;

namespace {

registry::Storage storageOn(const std::vector<std::uint8_t>& numbers) {
  registry::Storage storage{.kind = "etcd", .members = {}};
  for (const auto number : numbers) {
    storage.members.push_back({.node = idOf(number), .address = addressOf(number)});
  }
  return storage;
}

/// A node that wants to lead.
struct Contender {
  explicit Contender(std::uint8_t number, std::chrono::milliseconds claimTimeout = 8s)
      : self(idOf(number)),
        authority(client, {.self = self,
                           .claimTimeout = claimTimeout,
                           .lost = [this](const std::string& why) { lost.set_value(why); }}) {}

  Result<void> put(const std::string& name) {
    const auto& at = state.position();
    const registry::KvPair pair{.value = "v", .flags = 0, .lockIndex = 0, .session = {}};
    const Entry entry{.at = {term, self, at.index + 1},
                      .changes = {{Table::Kv, name, toJson(pair)}}};
    auto done = authority.commit({&entry, 1}, state.headerAfter({&entry, 1}));
    if (done) REQUIRE(state.apply(entry));
    return done;
  }
  Result<void> lead(std::uint64_t newTerm, const registry::Storage& storage) {
    term = newTerm;
    auto found = authority.lead(term, storage);
    if (!found) return fail(found.error());
    state = *std::move(found);
    return {};
  }

  NodeId self;
  std::uint64_t term = 0;
  State state;
  std::promise<std::string> lost;
  Client client{{}};
  EtcdAuthority authority;
};

}  // namespace

TEST_CASE("etcd authority: who resigns lets the next one lead at once, with all that was written") {
  if (const auto why = hindrance(); !why.empty()) return cluster_lab::test::skip(why);
  ServerGroup servers;
  servers.found({1, 2, 3});
  const auto storage = storageOn({1, 2, 3});
  Contender first(1);
  CHECK_FALSE(first.authority.holds());
  REQUIRE(first.lead(1, storage));
  CHECK(first.authority.holds());
  REQUIRE(first.put("a"));
  first.authority.resign();
  CHECK_FALSE(first.authority.holds());
  CHECK_FALSE(first.put("b"));
  const auto begin = std::chrono::steady_clock::now();
  Contender second(2);
  REQUIRE(second.lead(2, storage));
  CHECK(std::chrono::steady_clock::now() - begin < 2s);
  CHECK(second.state.snapshot() == first.state.snapshot());
  // The same node again, at once.
  second.authority.resign();
  REQUIRE(second.lead(3, storage));
  CHECK(second.put("c"));
}

TEST_CASE("etcd authority: who waits for another's key and resigns is answered soon") {
  if (const auto why = hindrance(); !why.empty()) return cluster_lab::test::skip(why);
  ServerGroup servers;
  servers.found({1});
  const auto storage = storageOn({1});
  Contender first(1);
  REQUIRE(first.lead(1, storage));
  Contender second(2, 60s);
  auto waiting = std::async(std::launch::async, [&] { return second.lead(2, storage); });
  CHECK(waiting.wait_for(300ms) == std::future_status::timeout);
  second.authority.resign();
  REQUIRE(waiting.wait_for(5s) == std::future_status::ready);
  CHECK_FALSE(waiting.get());
  CHECK(first.put("a"));
}

TEST_CASE("etcd authority: a write that no majority takes ends when the leader resigns") {
  if (const auto why = hindrance(); !why.empty()) return cluster_lab::test::skip(why);
  ServerGroup servers;
  servers.found({1, 2, 3});
  Contender leader(1);
  REQUIRE(leader.lead(1, storageOn({1, 2, 3})));
  servers.signal(2, SIGSTOP);
  servers.signal(3, SIGSTOP);
  auto write = std::async(std::launch::async, [&] { return leader.put("a"); });
  CHECK(write.wait_for(100ms) == std::future_status::timeout);
  const auto begin = std::chrono::steady_clock::now();
  leader.authority.resign();
  CHECK_FALSE(write.get());
  CHECK(std::chrono::steady_clock::now() - begin < 2s);
  servers.signal(2, SIGCONT);
  servers.signal(3, SIGCONT);
}

TEST_CASE("etcd authority: without a majority nobody leads, who led is told, and why") {
  if (const auto why = hindrance(); !why.empty()) return cluster_lab::test::skip(why);
  ServerGroup servers;
  servers.found({1, 2, 3});
  const auto storage = storageOn({1, 2, 3});
  Contender leader(1, 1s);
  REQUIRE(leader.lead(1, storage));
  servers.stop(2);
  servers.stop(3);
  CHECK(leader.lost.get_future().get() == "no majority of etcd: 1 of 3 answers");
  CHECK_FALSE(leader.authority.holds());
  const auto again = leader.lead(2, storage);
  REQUIRE_FALSE(again);
  CHECK(again.error().code == ErrorCode::Unavailable);
  CHECK(again.error().message == "no majority of etcd: 1 of 3 answers");
}

TEST_CASE("etcd authority: a living registry moves into etcd and back") {
  if (const auto why = hindrance(); !why.empty()) return cluster_lab::test::skip(why);
  ServerGroup servers;
  servers.found({1});
  const auto folder =
      std::filesystem::temp_directory_path() / ("etcd-move-" + std::to_string(::getpid()));
  Client client{{}};
  EtcdAuthority authority(client, {.self = idOf(1)});
  registry::Registry::Options options;
  options.dataDirectory = folder;
  options.self = idOf(1);
  options.authority = &authority;
  auto registry = registry::Registry::open(options).value();
  const auto add = [&](std::uint8_t number) {
    registry::NodeRegistration node;
    node.id = idOf(number);
    node.name = "pi-" + std::to_string(number);
    REQUIRE(registry->registerNode(node));
  };
  registry->lead(1, addressOf(1)).value();
  add(1);
  registry->keepIn(storageOn({1})).value();
  CHECK(authority.holds());
  add(2);
  registry->wander();
  registry->lead(2, addressOf(1)).value();
  add(3);
  CHECK(registry->nodes().size() == 3);
  registry->keepIn({}).value();
  CHECK_FALSE(authority.holds());
  add(4);
  registry.reset();
  registry = registry::Registry::open(options).value();
  CHECK(registry->nodes().size() == 4);
  const auto storage = registry->storage();
  CHECK((storage && !storage->isShared() && storage->members.empty()));
  registry.reset();
  std::filesystem::remove_all(folder);
}

}  // namespace cluster_lab::etcd::test

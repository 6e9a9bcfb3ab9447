#include "etcd/etcd_store.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "etcd/client.hpp"
#include "etcd/leader_key.hpp"
#include "registry/row_json.hpp"
#include "registry/sqlite_store.hpp"
#include "server_group.hpp"
#include "support/skip.hpp"

namespace cluster_lab::etcd::test {

using namespace std::chrono_literals;
using registry::Entry;
using registry::State;
using registry::Table;

namespace {

/// A node with its registry in etcd.
struct Node {
  Node(std::uint8_t number, const std::vector<std::uint8_t>& servers,
       const EtcdStore::Options& options = {})
      : self(idOf(number)), key(client, {.self = self, .lost = {}}), store(client, key, options) {
    client.setServers(ServerGroup::addresses(servers));
  }

  void lead(std::uint64_t newTerm) {
    term = newTerm;
    REQUIRE(key.claim(term, within(10s)));
    auto loaded = store.load();
    REQUIRE(loaded);
    state = *std::move(loaded);
  }

  Entry next(registry::ChangeSet changes) const {
    return {.at = {term, self, state.position().index + 1}, .changes = std::move(changes)};
  }

  Result<void> commit(const Entry& entry) {
    auto done = store.commit({&entry, 1}, state.headerAfter({&entry, 1}));
    if (done) REQUIRE(state.apply(entry));
    return done;
  }

  Result<void> put(const std::string& name, const std::string& value) {
    registry::KvPair pair{.value = value, .flags = 0, .lockIndex = 0, .session = {}};
    return commit(next({{Table::Kv, name, toJson(pair)}}));
  }

  NodeId self;
  std::uint64_t term = 0;
  State state;
  Client client{{}};
  LeaderKey key;
  EtcdStore store;
};

std::string valueOf(const State& state, const std::string& name) {
  const auto found = state.kv().find(name);
  return found == state.kv().end() ? "(none)" : found->second.row.value;
}

}  // namespace

TEST_CASE("etcd store: the next leader reads all that was committed, indexes included") {
  if (const auto why = hindrance(); !why.empty()) return cluster_lab::test::skip(why);
  ServerGroup servers;
  servers.found({1, 2, 3});
  Node first(1, {1, 2, 3});
  first.lead(1);
  CHECK(first.state.position() == registry::Position{});
  for (int i = 0; i < 300; ++i) REQUIRE(first.put("key/" + std::to_string(i), "x"));
  REQUIRE(first.put(std::string("a\0\xFF", 3), "binary"));
  REQUIRE(first.put("key/7", "changed"));
  REQUIRE(first.commit(first.next({{Table::Kv, "key/8", std::nullopt}})));
  const auto last = first.state.snapshot();
  first.key.resign();

  Node second(2, {2, 3, 1});
  second.lead(2);
  CHECK(second.state.snapshot() == last);
  CHECK(second.store.position() == last.header.at);
  REQUIRE(second.put("key/7", "again"));
  Node third(3, {3});
  CHECK(third.store.load().value().snapshot() == second.state.snapshot());
}

TEST_CASE("etcd store: who does not hold the key any more writes nothing") {
  if (const auto why = hindrance(); !why.empty()) return cluster_lab::test::skip(why);
  ServerGroup servers;
  servers.found({1});
  Node first(1, {1});
  CHECK(first.put("a", "1").error().code == ErrorCode::Unavailable);
  first.lead(1);
  REQUIRE(first.put("a", "1"));
  // The same node again, as after a restart: the old one has not heard of it.
  Node again(1, {1});
  again.lead(2);
  REQUIRE(first.key.guard());
  const auto refused = first.put("a", "old");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::Unavailable);
  CHECK_FALSE(first.key.guard());
  REQUIRE(again.put("b", "2"));
  CHECK(valueOf(again.store.load().value(), "a") == "1");
}

TEST_CASE("etcd store: a minority takes no writes, and nothing acknowledged is lost") {
  if (const auto why = hindrance(); !why.empty()) return cluster_lab::test::skip(why);
  ServerGroup servers;
  servers.found({1, 2, 3});
  EtcdStore::Options options;
  options.writeTimeout = 1s;
  Node leader(1, {1, 2, 3}, options);
  leader.lead(1);
  REQUIRE(leader.put("a", "1"));
  servers.signal(2, SIGSTOP);
  servers.signal(3, SIGSTOP);
  CHECK_FALSE(leader.put("a", "2"));
  CHECK_FALSE(leader.put("a", "3"));
  servers.signal(2, SIGCONT);
  servers.signal(3, SIGCONT);
  leader.lead(2);
  // The first of both may have reached etcd, the second never.
  const auto value = valueOf(leader.state, "a");
  CHECK((value == "1" || value == "2"));
  REQUIRE(leader.put("a", "4"));
}

TEST_CASE("etcd store: the leader and its server die, another goes on with all of it") {
  if (const auto why = hindrance(); !why.empty()) return cluster_lab::test::skip(why);
  ServerGroup servers;
  servers.found({1, 2, 3});
  auto first = std::make_unique<Node>(1, std::vector<std::uint8_t>{1, 2, 3});
  first->lead(1);
  for (int i = 0; i < 20; ++i) REQUIRE(first->put("a", std::to_string(i)));
  servers.stop(1);
  first.reset();
  Node second(2, {1, 2, 3});
  second.lead(2);
  CHECK(valueOf(second.state, "a") == "19");
  CHECK(second.put("a", "20"));
}

TEST_CASE("etcd store: a whole state takes the place of another at once, large ones too") {
  if (const auto why = hindrance(); !why.empty()) return cluster_lab::test::skip(why);
  ServerGroup servers;
  servers.found({1});
  EtcdStore::Options options;
  options.compactAfter = 1U << 20U;
  Node node(1, {1}, options);
  node.lead(1);
  REQUIRE(node.put("old", "x"));
  registry::Snapshot coming;
  coming.header.at = {.term = 5, .writer = idOf(9), .index = 90};
  coming.header.lineage.extend(coming.header.at);
  const registry::KvPair large{
      .value = std::string(80U << 10U, 'x'), .flags = 0, .lockIndex = 0, .session = {}};
  for (int i = 100; i < 124; ++i) {
    coming.rows.push_back({Table::Kv, "new/" + std::to_string(i), toJson(large), 80, 85});
  }
  for (int turn = 0; turn < 3; ++turn) REQUIRE(node.store.replaceAll(coming));
  CHECK(node.store.position() == coming.header.at);
  CHECK(node.store.load().value().snapshot() == coming);
  // One transaction of them all, as when a snapshot is restored.
  node.state = State::from(coming).value();
  registry::ChangeSet changes;
  for (const auto& row : coming.rows) changes.push_back({row.table, "b/" + row.key, row.value});
  REQUIRE(node.commit(node.next(changes)));
  CHECK(node.store.load().value().snapshot() == node.state.snapshot());
}

TEST_CASE("etcd store: more than a transaction bears is refused, and the next one is taken") {
  if (const auto why = hindrance(); !why.empty()) return cluster_lab::test::skip(why);
  ServerGroup servers;
  servers.found({1});
  EtcdStore::Options options;
  options.mostBytes = 100000;
  Node node(1, {1}, options);
  node.lead(1);
  const registry::KvPair large{
      .value = std::string(30000, 'x'), .flags = 0, .lockIndex = 0, .session = {}};
  registry::ChangeSet changes;
  for (const auto* name : {"a", "b", "c"}) changes.push_back({Table::Kv, name, toJson(large)});
  const auto refused = node.commit(node.next(changes));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::Exhausted);
  CHECK(node.put("a", "small"));
}

TEST_CASE("etcd store: the state goes from the embedded store to etcd and back unchanged") {
  if (const auto why = hindrance(); !why.empty()) return cluster_lab::test::skip(why);
  ServerGroup servers;
  servers.found({1});
  const auto folder =
      std::filesystem::temp_directory_path() / ("etcd-convert-" + std::to_string(::getpid()));
  auto embedded = registry::SqliteStore::open(folder);
  REQUIRE(embedded);
  Node node(1, {1});
  node.lead(1);
  for (int i = 0; i < 50; ++i) REQUIRE(node.put("key/" + std::to_string(i % 30), "v"));
  const auto whole = node.state.snapshot();
  REQUIRE(embedded->store->replaceAll(whole));
  embedded->store.reset();
  auto again = registry::SqliteStore::open(folder);
  REQUIRE(again);
  CHECK(again->state.snapshot() == whole);
  REQUIRE(node.store.replaceAll(again->state.snapshot()));
  CHECK(node.store.load().value().snapshot() == whole);
  std::filesystem::remove_all(folder);
}

}  // namespace cluster_lab::etcd::test

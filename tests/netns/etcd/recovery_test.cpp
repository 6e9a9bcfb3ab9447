#include "etcd/recovery.hpp"

#include <doctest/doctest.h>

#include "etcd/client.hpp"
#include "etcd/store_layout.hpp"
#include "server_group.hpp"
#include "support/skip.hpp"

namespace cluster_lab::etcd::test {

using namespace std::chrono_literals;

namespace {

registry::Position positionOf(std::uint64_t term, std::uint64_t index) {
  return {.term = term, .writer = idOf(1), .index = index};
}

Transaction headerAt(const registry::Position& position) {
  StoredHeader stored;
  stored.header.at = position;
  Transaction transaction;
  transaction.puts = {{std::string(kHeaderKey), toText(stored)}};
  return transaction;
}

}  // namespace

TEST_CASE(
    "etcd recovery: with the majority lost, a server tells how far it goes, and goes on alone") {
  if (const auto why = hindrance(); !why.empty()) return cluster_lab::test::skip(why);
  ServerGroup servers;
  servers.found({1, 2, 3});
  Client client({});
  client.setServers(ServerGroup::addresses({1, 2, 3}));
  REQUIRE(client.run(headerAt(positionOf(2, 8)), within(3s)));
  REQUIRE(
      eventually([&] { return positionAt(client, addressOf(1), within(1s)) == positionOf(2, 8); }));
  servers.stop(2);
  servers.stop(3);
  client.setServers(ServerGroup::addresses({1}));
  REQUIRE(eventually([&] { return client.count(within(1s)).withLeader == 0; }));
  CHECK_FALSE(client.run(headerAt(positionOf(2, 9)), within(1s)));
  CHECK(positionAt(client, addressOf(1), within(1s)).value() == positionOf(2, 8));

  servers.stop(1);
  REQUIRE(forgetOthers(servers.settingsOf(1), within(20s)));
  servers.start(1, Beginning::Existing, {1});
  REQUIRE(
      eventually([&] { return client.run(headerAt(positionOf(3, 10)), within(1s)).has_value(); }));
  CHECK(client.members(within(1s)).value().size() == 1);
}

TEST_CASE("etcd recovery: a server that still runs is in the way") {
  if (const auto why = hindrance(); !why.empty()) return cluster_lab::test::skip(why);
  ServerGroup servers;
  servers.found({1});
  auto settings = servers.settingsOf(1);
  settings.directory += "-another";
  const auto done = forgetOthers(settings, within(20s));
  REQUIRE_FALSE(done);
  CHECK(done.error().code == ErrorCode::Conflict);
  CHECK(done.error().message.find("etcd already runs at 127.77.0.1:") != std::string::npos);
}

TEST_CASE("etcd recovery: a server that cannot start says why") {
  if (const auto why = hindrance(); !why.empty()) return cluster_lab::test::skip(why);
  ServerGroup servers;
  auto settings = servers.settingsOf(1);
  settings.directory = "/dev/null/etcd";
  const auto done = forgetOthers(settings, within(20s));
  REQUIRE_FALSE(done);
  CHECK(done.error().message.find("not a directory") != std::string::npos);
}

TEST_CASE("etcd recovery: what will be lost is said before") {
  CHECK(describeLoss(positionOf(2, 8), positionOf(2, 8)) ==
        "the copy has all that is known: change 8 of term 2");
  CHECK(describeLoss(positionOf(2, 8), positionOf(3, 11)) ==
        "the copy goes to change 8 of term 2; 3 changes up to change 11 of term 3 will be lost");
  CHECK(describeLoss(positionOf(3, 12), positionOf(3, 11)) ==
        "the copy goes to change 12 of term 3, further than what is known (change 11 of term 3)");
}

}  // namespace cluster_lab::etcd::test

#include "etcd/leader_key.hpp"

#include <doctest/doctest.h>

#include <csignal>

#include "server_group.hpp"
#include "support/skip.hpp"

namespace cluster_lab::etcd::test {

using namespace std::chrono_literals;

namespace {

/// A node that wants to lead, and what it heard of losing the key.
struct Contender {
  explicit Contender(std::uint8_t number, const std::vector<std::uint8_t>& servers,
                     std::chrono::seconds lifetime = 2s)
      : key(client,
            {.self = idOf(number), .lifetime = lifetime, .lost = [this](const std::string& text) {
               const std::scoped_lock lock(mutex);
               why = text;
             }}) {
    client.setServers(ServerGroup::addresses(servers));
  }
  std::string lost() {
    const std::scoped_lock lock(mutex);
    return why;
  }

  std::mutex mutex;
  std::string why;
  Client client{{}};
  LeaderKey key;
};

}  // namespace

TEST_CASE("leader key: one of two has it; the other gets it when it is given back") {
  if (const auto why = hindrance(); !why.empty()) return cluster_lab::test::skip(why);
  ServerGroup servers;
  servers.found({1});
  Contender first(1, {1});
  Contender second(2, {1});
  CHECK_FALSE(first.key.guard());
  REQUIRE(first.key.claim(1, within(3s)));
  REQUIRE(first.key.guard());
  const auto refused = second.key.claim(1, within(3s));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::Conflict);
  first.key.resign();
  CHECK_FALSE(first.key.guard());
  CHECK(second.key.claim(2, within(3s)));
  CHECK(first.lost().empty());
}

TEST_CASE("leader key: of a node that died it is free when its lease has ended") {
  if (const auto why = hindrance(); !why.empty()) return cluster_lab::test::skip(why);
  ServerGroup servers;
  servers.found({1});
  Contender second(2, {1});
  {
    Contender first(1, {1});
    REQUIRE(first.key.claim(1, within(3s)));
  }
  CHECK(second.key.claim(2, within(8s)));
}

TEST_CASE("leader key: a node takes over its own of before its restart at once") {
  if (const auto why = hindrance(); !why.empty()) return cluster_lab::test::skip(why);
  ServerGroup servers;
  servers.found({1});
  Contender before(1, {1});
  Contender after(1, {1});
  REQUIRE(before.key.claim(1, within(3s)));
  REQUIRE(after.key.claim(1, within(3s)));
  CHECK(after.key.guard()->modified > before.key.guard()->modified);
}

TEST_CASE("leader key: without a majority it is lost, and it is said how many answer") {
  if (const auto why = hindrance(); !why.empty()) return cluster_lab::test::skip(why);
  ServerGroup servers;
  servers.found({1, 2, 3});
  Contender leader(1, {1, 2, 3});
  REQUIRE(leader.key.claim(1, within(5s)));
  servers.stop(2);
  servers.stop(3);
  REQUIRE(eventually([&] { return !leader.lost().empty(); }, 8s));
  CHECK(leader.lost() == "no majority of etcd: 1 of 3 answers");
  CHECK_FALSE(leader.key.guard());
  const auto again = leader.key.claim(2, within(1s));
  REQUIRE_FALSE(again);
  CHECK(again.error().code == ErrorCode::Unavailable);
  CHECK(again.error().message == "no majority of etcd: 1 of 3 answers");
}

TEST_CASE("leader key: it outlives the death of etcd's leader") {
  if (const auto why = hindrance(); !why.empty()) return cluster_lab::test::skip(why);
  ServerGroup servers;
  servers.found({1, 2, 3});
  Contender leader(1, {1, 2, 3}, 4s);
  REQUIRE(leader.key.claim(1, within(8s)));
  std::uint8_t victim = 1;
  const auto leads = [&](std::uint8_t number) {
    const auto status = leader.client.status(addressOf(number), within(1s));
    return status && status->leader == status->member;
  };
  while (victim < 3 && !leads(victim)) ++victim;
  servers.signal(victim, SIGSTOP);
  // Longer than the lease from before can last: it has been renewed by another server.
  const auto after = std::chrono::steady_clock::now() + 4500ms;
  CHECK(
      eventually([&] { return !leader.key.guard() || std::chrono::steady_clock::now() > after; }));
  CHECK(leader.key.guard());
  CHECK(leader.lost().empty());
}

TEST_CASE("leader key: without any server it cannot be claimed") {
  Contender nobody(1, {});
  const auto refused = nobody.key.claim(1, within(200ms));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == "etcd has no server yet");
}

TEST_CASE("leader key: forsaken it guards nothing, and its owner hears why") {
  if (const auto why = hindrance(); !why.empty()) return cluster_lab::test::skip(why);
  ServerGroup servers;
  servers.found({1});
  Contender leader(1, {1});
  REQUIRE(leader.key.claim(1, within(3s)));
  leader.key.forsake("nobody knows");
  CHECK_FALSE(leader.key.guard());
  CHECK(eventually([&] { return leader.lost() == "nobody knows"; }));
}

}  // namespace cluster_lab::etcd::test

#include "etcd/server.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>

#include "server_group.hpp"
#include "support/skip.hpp"

namespace cluster_lab::etcd::test {

using namespace std::chrono_literals;

namespace {

std::optional<Member> memberOf(Client& client, std::uint8_t number) {
  const auto members = client.members(within(3s)).value_or(std::vector<Member>{});
  const auto url = urlOf(addressOf(number), 2380);
  const auto found = std::ranges::find_if(
      members, [&](const Member& member) { return member.peerUrls == std::vector{url}; });
  return found == members.end() ? std::nullopt : std::optional(*found);
}

Transaction putOf(const std::string& key, const std::string& value) {
  Transaction transaction;
  transaction.puts = {{key, value}};
  return transaction;
}

/// Until etcd takes the change: a member that lags behind is not promoted, for example.
[[nodiscard]] bool change(Client& client, const Request& request) {
  return eventually([&] { return client.changeMembers(request, within(3s)).has_value(); });
}

}  // namespace

TEST_CASE("etcd server: a learner joins, is promoted, votes, is removed and says so") {
  if (const auto why = hindrance(); !why.empty()) return cluster_lab::test::skip(why);
  ServerGroup servers;
  servers.found({1});
  Client client({});
  client.setServers(ServerGroup::addresses({1}));
  REQUIRE(client.run(putOf("a", "b"), within(3s)));

  REQUIRE(change(client, renderMemberAdd(urlOf(addressOf(2), 2380))));
  REQUIRE(memberOf(client, 2));
  CHECK(memberOf(client, 2)->learner);
  CHECK(memberOf(client, 2)->name.empty());
  servers.start(2, Beginning::Existing, {1, 2});
  REQUIRE(eventually([&] { return memberOf(client, 2)->name == idOf(2).toString(); }));
  REQUIRE(change(client, renderMemberPromote(memberOf(client, 2)->id)));
  CHECK_FALSE(memberOf(client, 2)->learner);

  Client second({});
  second.setServers(ServerGroup::addresses({2}));
  CHECK(second.range({.key = "a", .end = {}}, within(5s)).value().found.front().value == "b");
  REQUIRE(change(client, renderMemberRemove(memberOf(client, 2)->id)));
  CHECK(eventually([&] { return servers.removed(2); }));
  servers.forget(2);
  CHECK_FALSE(servers.hasData(2));
}

TEST_CASE("etcd server: killed, it is started again and has its data") {
  if (const auto why = hindrance(); !why.empty()) return cluster_lab::test::skip(why);
  ServerGroup servers;
  servers.found({1});
  Client client({});
  client.setServers(ServerGroup::addresses({1}));
  REQUIRE(client.run(putOf("a", "b"), within(3s)));
  servers.signal(1, SIGKILL);
  REQUIRE(eventually([&] { return !servers.failures().empty(); }));
  CHECK(servers.failures().front().code == ErrorCode::Unavailable);
  CHECK(client.range({.key = "a", .end = {}}, within(10s)).value().found.front().value == "b");
}

TEST_CASE("etcd server: what keeps it from starting is told in its own words") {
  if (const auto why = hindrance(); !why.empty()) return cluster_lab::test::skip(why);
  ServerGroup first;
  ServerGroup second;
  first.found({1});
  second.start(1, Beginning::New, {1});
  REQUIRE(eventually([&] { return !second.failures().empty(); }));
  CHECK(second.failures().front().message.find("address already in use") != std::string::npos);
}

}  // namespace cluster_lab::etcd::test

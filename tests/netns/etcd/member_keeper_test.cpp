#include "etcd/member_keeper.hpp"

#include <doctest/doctest.h>

#include <set>

#include "server_group.hpp"
#include "support/skip.hpp"

namespace cluster_lab::etcd::test {

using namespace std::chrono_literals;

namespace {

/// Nodes of which the first leads; each starts its server when it is added, as a daemon would.
struct Cluster {
  explicit Cluster(std::uint8_t number) {
    servers.found({1});
    client.setServers(ServerGroup::addresses({1}));
    for (std::uint8_t node = 1; node <= number; ++node) {
      nodes.push_back({idOf(node), "pi-" + std::to_string(node), addressOf(node), {}});
    }
  }

  /// One look of the leader at the members, and what the nodes do then.
  void turn() {
    const auto step = keeper.keep(nodes, within(3s));
    if (!step) return;
    const auto number = step->node.bytes[15];
    if (step->kind == MemberStep::Kind::AddLearner) {
      members.insert(number);
      if (number == withoutEtcd) return;
      servers.start(number, Beginning::Existing, {members.begin(), members.end()});
    } else if (step->kind == MemberStep::Kind::Remove) {
      members.erase(number);
    }
    idle = step->kind == MemberStep::Kind::Nothing && step->reason.empty();
    client.setServers(ServerGroup::addresses({members.begin(), members.end()}));
  }

  [[nodiscard]] bool settles() {
    idle = false;
    return eventually(
        [this] {
          turn();
          return idle;
        },
        60s);
  }

  [[nodiscard]] std::set<std::string> voters() {
    std::set<std::string> names;
    const auto listed = client.members(within(3s));
    REQUIRE(listed);
    for (const auto& member : *listed) {
      if (!member.learner) names.insert(member.name);
    }
    return names;
  }

  ServerGroup servers;
  std::vector<Candidate> nodes;
  std::set<std::uint8_t> members{1};
  std::uint8_t withoutEtcd = 0;  ///< the number of a node
  Client client{{}};
  MemberKeeper keeper{
      client, {.leader = idOf(1), .wanted = 3, .replaceAfter = 5min, .learnerPatience = 5s}};
  bool idle = false;
};

std::set<std::string> namesOf(const std::vector<std::uint8_t>& numbers) {
  std::set<std::string> names;
  for (const auto number : numbers) names.insert(idOf(number).toString());
  return names;
}

}  // namespace

TEST_CASE("member keeper: one server becomes three, and who is away is replaced by another node") {
  if (const auto why = hindrance(); !why.empty()) return cluster_lab::test::skip(why);
  Cluster cluster(4);
  Transaction written;
  written.puts = {{"a", "b"}};
  REQUIRE(cluster.client.run(written, within(3s)));
  REQUIRE(cluster.settles());
  CHECK(cluster.voters() == namesOf({1, 2, 3}));
  const auto status = cluster.client.status(addressOf(1), within(3s)).value();
  CHECK(status.leader != 0);
  CHECK(status.leader != status.member);

  cluster.servers.stop(2);
  cluster.nodes[1].away = 6min;
  REQUIRE(cluster.settles());
  CHECK(cluster.voters() == namesOf({1, 3, 4}));
  Client newcomer({});
  newcomer.setServers(ServerGroup::addresses({4}));
  CHECK(newcomer.range({.key = "a", .end = {}}, within(5s)).value().found.front().value == "b");
}

TEST_CASE("member keeper: a node without etcd-server takes no seat for long") {
  if (const auto why = hindrance(); !why.empty()) return cluster_lab::test::skip(why);
  Cluster cluster(4);
  cluster.withoutEtcd = 2;
  REQUIRE(cluster.settles());
  CHECK(cluster.voters() == namesOf({1, 3, 4}));
}

TEST_CASE("member keeper: who leads since a moment ago gives etcd's leadership to who answers") {
  if (const auto why = hindrance(); !why.empty()) return cluster_lab::test::skip(why);
  Cluster cluster(3);
  REQUIRE(cluster.settles());
  const auto leader = [&] {
    return cluster.client.status(addressOf(1), within(3s)).value().leader;
  };
  const auto own = cluster.client.status(addressOf(1), within(3s)).value().member;
  const auto former = cluster.client.status(addressOf(2), within(3s)).value().member == leader()
                          ? addressOf(2)
                          : addressOf(3);
  REQUIRE(cluster.client.transfer(former, own, within(3s)));
  REQUIRE(eventually([&] { return leader() == own; }, 5s));

  cluster.servers.stop(2);
  const auto step = cluster.keeper.unburden(cluster.nodes, within(3s));
  REQUIRE(step);
  CHECK(step->kind == MemberStep::Kind::Unburden);
  CHECK(step->node == idOf(3));
  CHECK(leader() == step->member);
}

}  // namespace cluster_lab::etcd::test

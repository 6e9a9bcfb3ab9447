#include "etcd/server_command.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "etcd/leader_key.hpp"
#include "etcd/server_log.hpp"

namespace cluster_lab::etcd {
namespace {

NodeId idOf(std::uint8_t number) {
  NodeId id;
  id.bytes[15] = number;
  return id;
}

Ipv4 addressOfNode(std::uint32_t number) {
  return Ipv4(Ipv4::parse("192.168.200.100").value().hostOrder() + number);
}

ServerSettings settings() {
  return {.node = idOf(1),
          .address = addressOfNode(1),
          .directory = "/var/lib/cluster-lab/etcd",
          .clusterId = "cluster-lab"};
}

std::vector<std::string> commandFor(Beginning beginning) {
  return serverCommand(settings(), beginning,
                       {{idOf(1), addressOfNode(1)}, {idOf(2), addressOfNode(2)}});
}

/// What stands behind the option.
std::string valueOf(const std::vector<std::string>& command, const std::string& option) {
  const auto found = std::ranges::find(command, option);
  return found == command.end() ? "(none)" : *std::next(found);
}

bool has(const std::vector<std::string>& command, const std::string& option) {
  return std::ranges::find(command, option) != command.end();
}

}  // namespace

TEST_CASE("etcd server: it listens on the node's address alone") {
  const auto command = commandFor(Beginning::New);
  CHECK(command.front() == "etcd");
  CHECK(valueOf(command, "--listen-client-urls") == "http://192.168.200.101:2379");
  CHECK(valueOf(command, "--listen-peer-urls") == "http://192.168.200.101:2380");
  CHECK(valueOf(command, "--advertise-client-urls") == "http://192.168.200.101:2379");
  CHECK(valueOf(command, "--name") == idOf(1).toString());
}

TEST_CASE("etcd server: an election of etcd's own ends before the lease of the leader's key does") {
  const auto command = commandFor(Beginning::New);
  const auto beat = std::stoi(valueOf(command, "--heartbeat-interval"));
  const auto election = std::stoi(valueOf(command, "--election-timeout"));
  CHECK(election >= 5 * beat);  // etcd refuses less
  const std::chrono::milliseconds longest(2 * election);
  CHECK(LeaderKey::Options{}.lifetime >= 2 * longest);
  // etcd grants no lease that is shorter than one and a half elections.
  CHECK(LeaderKey::Options{}.lifetime * 1000 >= std::chrono::seconds(election * 3 / 2));
}

TEST_CASE("etcd server: it founds a cluster, joins one, or forgets all others") {
  const auto founds = commandFor(Beginning::New);
  CHECK(valueOf(founds, "--initial-cluster-state") == "new");
  CHECK(valueOf(founds, "--initial-cluster") ==
        idOf(1).toString() + "=http://192.168.200.101:2380," + idOf(2).toString() +
            "=http://192.168.200.102:2380");
  CHECK_FALSE(has(founds, "--force-new-cluster"));
  CHECK(valueOf(commandFor(Beginning::Existing), "--initial-cluster-state") == "existing");
  CHECK(has(recoveryCommand(settings()), "--force-new-cluster"));
}

TEST_CASE("etcd server: 32-bit ARM needs etcd's permission") {
  CHECK(serverEnvironment("armv7l") == std::vector<std::string>{"ETCD_UNSUPPORTED_ARCH=arm"});
  CHECK(serverEnvironment("armv6l") == std::vector<std::string>{"ETCD_UNSUPPORTED_ARCH=arm"});
  CHECK(serverEnvironment("aarch64").empty());
  CHECK(serverEnvironment("x86_64").empty());
}

TEST_CASE("etcd server: an address comes out of its URL") {
  CHECK(addressOf("http://192.168.200.101:2380") == addressOfNode(1));
  CHECK(addressOf(urlOf(addressOfNode(2), 2380)) == addressOfNode(2));
  CHECK(addressOf("https://192.168.200.101:2380").isNone());
  CHECK(addressOf("http://pi-1:2380").isNone());
  CHECK(addressOf("").isNone());
}

TEST_CASE("etcd server: its complaints are read from its log") {
  CHECK(complaintOf(R"({"level":"fatal","msg":"failed to start","error":"bind: taken"})") ==
        "failed to start: bind: taken");
  CHECK(complaintOf(R"({"level":"warn","msg":"slow"})") == "slow");
  CHECK_FALSE(complaintOf(R"({"level":"info","msg":"ready"})"));
  CHECK_FALSE(complaintOf("goroutine 1 [running]:"));
  CHECK_FALSE(complaintOf(R"({"level":"error"})"));
}

TEST_CASE("etcd server: a member that was removed is told so") {
  CHECK(tellsOfRemoval("the member has been permanently removed from the cluster"));
  CHECK_FALSE(tellsOfRemoval("failed to start: bind: taken"));
}

}  // namespace cluster_lab::etcd

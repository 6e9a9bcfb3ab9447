// The status of any node, asked through any other.
#include <doctest/doctest.h>

#include "machine.hpp"

namespace cluster_lab::registry {

using test::Machine;
using test::nodeOf;
using test::Pair;

namespace {

/// A leader that has itself and its follower in its catalog, at their loopback addresses.
struct TwoNodes : Pair {
  TwoNodes() {
    add(leader, 1);
    add(follower, 2);
    CHECK(follower.catchesUp(leader));
  }

  void add(const Machine& machine, std::uint8_t number) {
    auto node = nodeOf(number);
    node.address = machine.address();
    leader.registry().registerNode(node).value();
  }
};

const std::string kStatus = R"({"state":"leading"})";

}  // namespace

TEST_CASE("node status: each node answers for itself, and asks the others") {
  TwoNodes nodes;
  CHECK(nodes.leader.ask("GET", "/cluster/v1/status").body == kStatus);
  for (auto* machine : {&nodes.leader, &nodes.follower}) {
    for (const auto* name : {"pi-1", "pi-2"}) {
      const auto answer = machine->ask("GET", std::string("/cluster/v1/status/") + name);
      CHECK(answer.status == 200);
      CHECK(answer.body == kStatus);
      CHECK(answer.contentType == "application/json");
    }
  }
}

TEST_CASE("node status: a node that has gone is told by its name") {
  TwoNodes nodes;
  nodes.follower.crash();
  const auto answer = nodes.leader.ask("GET", "/cluster/v1/status/pi-2");
  CHECK(answer.status == 502);
  CHECK(answer.body.starts_with("pi-2 does not answer: "));
}

TEST_CASE("node status: nobody is asked but the cluster's own nodes") {
  TwoNodes nodes;
  CHECK(nodes.leader.ask("PUT", "/v1/catalog/register", R"({"Node":"ext","Address":"127.0.0.2"})")
            .status == 200);
  for (const auto* name : {"ext", "nobody", ""}) {
    CHECK(nodes.leader.ask("GET", std::string("/cluster/v1/status/") + name).status == 404);
  }
}

}  // namespace cluster_lab::registry

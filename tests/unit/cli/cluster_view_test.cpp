#include "cli/cluster_view.hpp"

#include <doctest/doctest.h>

#include "example_facts.hpp"

namespace cluster_lab::cli {

TEST_CASE("cluster view: a status is read whole") {
  const auto status = exampleStatus();
  CHECK(status.name == "pi-2");
  CHECK(status.state == "following");
  CHECK(status.inCluster());
  CHECK(status.sinceSeconds == 125);
  CHECK(status.synced);
  REQUIRE(status.leader);
  CHECK(status.leader->nodeAddress == "192.168.200.101");
  CHECK(status.link.carrier() == "vlan 200");
  CHECK(status.lanAddresses == std::vector<std::string>{"10.0.0.12"});
  CHECK(status.schedulerPort == 2378);
  REQUIRE(status.neighbours.size() == 1);
  CHECK(status.neighbours[0].heardOn == "link");
}

TEST_CASE("cluster view: a node's board is told in words") {
  CHECK_FALSE(exampleStatus().board);
  const auto status = parseStatus(R"({"state":"leading","board":{"model":"Raspberry Pi 4",
    "serial":"10a","celsius":48.312,"throttling":{"now":[],"since_boot":["under-voltage"]},
    "memory":{"total_bytes":3977584640,"available_bytes":1073741824},
    "card":{"name":"SC32G","used_percent":30,"pre_end_of_life":"warning","errors":1}}})");
  REQUIRE(status);
  REQUIRE(status->board);
  CHECK(status->board->model == "Raspberry Pi 4, serial 10a");
  CHECK(status->board->health == "48.3 °C, since the boot under-voltage");
  CHECK(status->board->memory == "1.0 GiB of 3.7 GiB free");
  CHECK(status->board->card == "SC32G, 30 % used, end of life: warning, 1 error");
}

TEST_CASE("cluster view: what a board does not tell is left out") {
  const auto status = parseStatus(R"({"state":"leading","board":{"model":"Raspberry Pi 3",
    "serial":"","celsius":null,"throttling":{"now":["throttled"],"since_boot":[]},"memory":null,
    "card":{"name":"","used_percent":null,"pre_end_of_life":null,"errors":null}}})");
  REQUIRE(status);
  CHECK(status->board->model == "Raspberry Pi 3");
  CHECK(status->board->health == "now throttled");
  CHECK(status->board->memory.empty());
  CHECK(status->board->card.empty());
}

TEST_CASE("cluster view: no leader, missing and mistyped members are no harm") {
  const auto status = parseStatus(R"({"state":"probing","leader":null,"term":"x","problems":7})");
  REQUIRE(status);
  CHECK_FALSE(status->leader);
  CHECK_FALSE(status->inCluster());
  CHECK(status->term == 0);
  CHECK(status->problems.empty());
}

TEST_CASE("cluster view: what is no status or no list of nodes is refused") {
  CHECK(parseStatus("<html>").error().code == ErrorCode::Corrupt);
  CHECK(parseStatus("[]").error().code == ErrorCode::Corrupt);
  CHECK(parseStatus("{}").error().code == ErrorCode::Corrupt);
  CHECK(parseNodes("{}").error().code == ErrorCode::Corrupt);
  CHECK(parseNodes("").error().code == ErrorCode::Corrupt);
}

TEST_CASE("cluster view: nodes are sorted as a person counts") {
  const auto nodes = exampleNodes();
  REQUIRE(nodes.size() == 3);
  CHECK(nodes[0].name == "pi-1");
  CHECK(nodes[1].name == "pi-2");
  CHECK(nodes[2].name == "pi-10");
  CHECK(nodes[1].labels.at("size") == "big");
  CHECK(allPassing(nodes));
}

TEST_CASE("cluster view: names with control characters are made printable") {
  const auto nodes = parseNodes(R"([{"name":"pi\u001b[2J","labels":{"a\n":"b\t"}}, 5])");
  REQUIRE(nodes);
  REQUIRE(nodes->size() == 2);
  CHECK((*nodes)[1].name == "pi?[2J");
  CHECK((*nodes)[1].labels.at("a?") == "b?");
  CHECK_FALSE(allPassing(*nodes));
}

}  // namespace cluster_lab::cli

#include "lab/node_view.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::lab {
namespace {

NodeView following() {
  NodeView view;
  view.name = "pi2";
  view.lanAddress = *Ipv4::parse("198.18.7.2");
  CHECK(readStatus(R"({"name": "other", "state": "following", "role": "follower",
                       "reason": "follows pi1", "node_address": "192.168.200.102",
                       "problems": [{"code": "x", "message": "odd", "remedy": "do this"}]})",
                   view));
  return view;
}

}  // namespace

TEST_CASE("node view: takes the daemon's status over") {
  const auto view = following();
  CHECK(view.inCluster());
  CHECK(view.nodeAddress == "192.168.200.102");
  CHECK(view.name == "pi2");  // which the lab's commands take
  CHECK(view.problems == std::vector<std::string>{"odd: do this"});
}

TEST_CASE("node view: what is no status or no list is refused") {
  NodeView view;
  CHECK_FALSE(readStatus("[]", view));
  CHECK_FALSE(readStatus("not json", view));
  CHECK_FALSE(readCatalog("{}", view));
}

TEST_CASE("node view: a node that lists all others lacks nothing") {
  auto view = following();
  REQUIRE(readCatalog(R"([{"Node": "pi1"}, {"Node": "pi2"}])", view));
  CHECK(stillLacks(view, {"pi1", "pi2"}).empty());
  CHECK(stillLacks(view, {"pi1", "pi2", "pi3"}) == "following, but does not list pi3");
}

TEST_CASE("node view: a node that is not in a cluster says why") {
  NodeView view;
  view.state = "probing";
  view.reason = "asks who leads";
  CHECK(stillLacks(view, {}) == "probing: asks who leads");
}

TEST_CASE("node view: the JSON list has what is promised for each node") {
  const auto json = toJson({following()});
  for (const auto* key : {"name", "lan_address", "node_address", "role", "state"})
    CHECK(json.find('"' + std::string(key) + '"') != std::string::npos);
  CHECK(toJson({}) == "[]\n");
}

TEST_CASE("node view: the table shows problems under their node") {
  const auto table = toTable({following()});
  CHECK(table.find("198.18.7.2") != std::string::npos);
  CHECK(table.find("odd: do this") > table.find("pi2"));
}

}  // namespace cluster_lab::lab

#include "registry/row_json.hpp"

#include <doctest/doctest.h>

#include "fixture.hpp"

namespace cluster_lab::registry {

using test::idOf;
using test::nodeOf;

TEST_CASE("row json: a node is written so and comes back") {
  const auto text = toJson(nodeOf(2, Role::Leading));
  CHECK(text ==
        R"({"id":"00000000-0000-0000-0000-000000000002","name":"pi-2","address":"192.168.200.102",)"
        R"("mac":"b8:27:eb:00:00:02","role":"leader","labels":{"size":"big"},"version":"1.0.0"})");
  CHECK(toJson(fromJson<NodeRegistration>(text).value()) == text);
}

TEST_CASE("row json: every other kind of row comes back") {
  const auto check =
      toJson(Check{.node = idOf(1), .name = "n", .status = Health::Critical, .output = "o"});
  CHECK(toJson(fromJson<Check>(check).value()) == check);
  const auto pair = toJson(KvPair{.value = std::string("\0\xFF", 2),
                                  .flags = ~std::uint64_t{0},
                                  .lockIndex = 3,
                                  .session = "s"});
  CHECK(toJson(fromJson<KvPair>(pair).value()) == pair);
  const auto lease = toJson(Lease{.mac = nodeOf(3).mac, .address = {}, .hostName = "h"});
  CHECK(toJson(fromJson<Lease>(lease).value()) == lease);
  Engine engine;
  engine.node = idOf(4);
  engine.labels = {{"a", "b"}};
  engine.memoryBytes = std::uint64_t{1} << 40U;
  engine.containersPaused = 7;
  CHECK(toJson(fromJson<Engine>(toJson(engine)).value()) == toJson(engine));
}

TEST_CASE("row json: the first thing that is wrong is named") {
  const auto messageOf = [](const char* text) {
    return fromJson<NodeRegistration>(text).error().message;
  };
  CHECK(messageOf("no json") == "node: expected a JSON object");
  CHECK(messageOf("{}") == "node: id: expected a text");
  CHECK(messageOf(R"({"id":"00000000-0000-0000-0000-000000000000"})") ==
        "node: id: expected a node id that is not all zero");
  auto text = toJson(nodeOf(1));
  text.replace(text.find("follower"), 8, "emperor!");
  CHECK(messageOf(text.c_str()) == "node: role: expected follower or leader");
}

TEST_CASE("row json: members that this version does not know are ignored") {
  auto text = toJson(nodeOf(1));
  text.insert(1, R"("new":[1,2],)");
  CHECK(fromJson<NodeRegistration>(text));
}

}  // namespace cluster_lab::registry

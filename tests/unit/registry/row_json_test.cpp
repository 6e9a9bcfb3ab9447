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
  Check check;
  check.node = idOf(1);
  check.status = Health::Critical;
  check.output = "o";
  check.serviceId = "web-1";
  check.definition = R"({"Interval":"10s"})";
  CHECK((fromJson<Check>(toJson(check)).value() == check));
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

TEST_CASE("row json: where the registry is kept is written so and comes back") {
  const Storage storage{.kind = "etcd",
                        .members = {{.node = idOf(1), .address = nodeOf(1).address},
                                    {.node = idOf(2), .address = nodeOf(2).address}},
                        .number = 3,
                        .founder = idOf(2)};
  const auto text = toJson(storage);
  CHECK(text == R"({"kind":"etcd","members":[)"
                R"({"node":"00000000-0000-0000-0000-000000000001","address":"192.168.200.101"},)"
                R"({"node":"00000000-0000-0000-0000-000000000002","address":"192.168.200.102"}],)"
                R"("number":3,"founder":"00000000-0000-0000-0000-000000000002"})");
  CHECK((fromJson<Storage>(text).value() == storage));
  CHECK_FALSE(fromJson<Storage>(R"({"members":[]})"));
  CHECK_FALSE(fromJson<Storage>(R"({"kind":"etcd","members":[{"address":""}]})"));
}

TEST_CASE("row json: what clients register comes back") {
  Service service;
  service.node = idOf(1);
  service.id = "web-1";
  service.name = "web";
  service.tags = {"b", "a"};
  service.port = 65535;
  service.meta = {{"k", "v"}};
  service.taggedAddresses = {{"lan", {"10.0.0.1", 80}}};
  service.warningWeight = 7;
  service.enableTagOverride = true;
  CHECK((fromJson<Service>(toJson(service)).value() == service));

  Session session;
  session.id = "s";
  session.node = idOf(1);
  session.nodeChecks = {"serfHealth"};
  session.serviceChecks = {"c"};
  session.lockDelay = std::chrono::seconds(5);
  session.behavior = SessionBehavior::Delete;
  session.ttl = "30s";
  CHECK((fromJson<Session>(toJson(session)).value() == session));

  const UserEvent event{.id = "e",
                        .name = "deploy",
                        .payload = std::string("\0\xFF", 2),
                        .nodeFilter = "n",
                        .serviceFilter = "s",
                        .tagFilter = "t",
                        .lamportTime = 9};
  CHECK((fromJson<UserEvent>(toJson(event)).value() == event));

  const Occurrence occurrence{.time = 1790000000, .kind = "leads", .node = "pi-1", .text = "why"};
  CHECK((fromJson<Occurrence>(toJson(occurrence)).value() == occurrence));

  Check check;
  check.node = idOf(1);
  check.id = "c";
  const auto text = toJson(NodeServices{.node = idOf(1), .services = {service}, .checks = {check}});
  const auto all = fromJson<NodeServices>(text).value();
  CHECK((all.services.front() == service));
  CHECK((all.checks.front() == check));
}

TEST_CASE("row json: a node that is no member keeps how it was registered") {
  auto node = nodeOf(1);
  node.external = ExternalNode{.address = "db.example.org",
                               .id = "00000000-0000-0000-0000-000000000009",
                               .taggedAddresses = {{"lan", "1.2.3.4"}}};
  CHECK((fromJson<NodeRegistration>(toJson(node)).value().external == node.external));
}

TEST_CASE("row json: a number as a key keeps the order of numbers") {
  CHECK(orderedKey(9) < orderedKey(10));
  CHECK(orderedKey(~std::uint64_t{0}) == "18446744073709551615");
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

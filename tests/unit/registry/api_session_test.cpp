// Answers of /v1/session and of locks in /v1/kv, compared with those of Consul 1.8.7.
#include <doctest/doctest.h>

#include <cctype>

#include "fixture.hpp"

namespace cluster_lab::registry {

using test::headerOf;
using test::LeadingRegistry;

namespace {

constexpr const char* kNobody = "18015da5-8d04-4f0b-b4f8-e91d9a4ea9b9";

std::string inCapitals(std::string id) {
  for (auto& letter : id) letter = static_cast<char>(std::toupper(letter));
  return id;
}

struct Sessions : LeadingRegistry {
  Sessions() { registry->registerNode(test::nodeOf(1)).value(); }

  std::string create(const std::string& body = {}) const {
    const auto response = ask("PUT", "/v1/session/create", body);
    CHECK(response.status == 200);
    REQUIRE(response.body.starts_with(R"({"ID":")"));
    return response.body.substr(7, 36);
  }
  std::string put(const std::string& target, const std::string& value = "v") const {
    return ask("PUT", "/v1/kv/" + target, value).body;
  }
};

}  // namespace

TEST_CASE("session api: what was made is shown with Consul's members") {
  const Sessions world;
  const auto id = world.create(R"({"Name":"n","TTL":"20s"})");
  const auto info = world.get("/v1/session/info/" + id);
  CHECK(info.body == R"([{"ID":")" + id +
                         R"(","Name":"n","Node":"pi-1","LockDelay":15000000000,)"
                         R"("Behavior":"release","TTL":"20s","NodeChecks":["serfHealth"],)"
                         R"("ServiceChecks":null,"CreateIndex":2,"ModifyIndex":2}])");
  CHECK(headerOf(info, "X-Consul-Index") == "2");
  CHECK(world.get("/v1/session/list").body == info.body);
  CHECK(world.get("/v1/session/node/pi-1").body == info.body);
  CHECK(world.get("/v1/session/node/PI-1").body == info.body);
  CHECK(world.get("/v1/session/node/pi-2").body == "[]");
  CHECK(world.ask("PUT", "/v1/session/renew/" + id).body == info.body);
  CHECK(world.get("/v1/session/info/" + inCapitals(id)).body == info.body);
}

TEST_CASE("session api: none, unknown and malformed ones") {
  const Sessions world;
  CHECK(world.get("/v1/session/list").body == "[]");
  CHECK(world.get(std::string("/v1/session/info/") + kNobody).body == "[]");
  const auto malformed = world.get("/v1/session/info/abc");
  CHECK(malformed.status == 500);
  CHECK(malformed.body == "failed session lookup: index error: UUID must be 36 characters");
  CHECK(world.ask("PUT", std::string("/v1/session/destroy/") + kNobody).body == "true");
  CHECK(world.ask("PUT", "/v1/session/destroy/abc").status == 500);
  const auto renewed = world.ask("PUT", std::string("/v1/session/renew/") + kNobody);
  CHECK(renewed.status == 404);
  CHECK(renewed.body == std::string("Session id '") + kNobody + "' not found");
  for (const auto* path : {"renew", "destroy"}) {
    const auto missing = world.ask("PUT", std::string("/v1/session/") + path + "/");
    CHECK(missing.status == 400);
    CHECK(missing.body == "Missing session");
  }
  CHECK(world.get("/v1/session/info/").body == "Missing session");
  CHECK(world.get("/v1/session/node/").body == "Missing node name");
  CHECK(world.get("/v1/session/create").status == 405);
}

TEST_CASE("session api: a bad body is 400, a wish that cannot be met 500") {
  const Sessions world;
  CHECK(world.ask("PUT", "/v1/session/create", R"({"Name":5})").status == 400);
  const auto unknown = world.ask("PUT", "/v1/session/create", R"({"Node":"nope"})");
  CHECK(unknown.status == 500);
  CHECK(unknown.body == "Missing node registration");
  CHECK(world.ask("PUT", "/v1/session/create?dc=other").body == "No path to datacenter");
}

TEST_CASE("session api: a lock is shown with its session, and released by destroying that") {
  const Sessions world;
  const auto id = world.create();
  const auto other = world.create();
  CHECK(world.put("k?flags=7&acquire=" + id) == "true");
  CHECK(world.get("/v1/kv/k").body ==
        R"([{"LockIndex":1,"Key":"k","Flags":7,"Value":"dg==","Session":")" + id +
            R"(","CreateIndex":4,"ModifyIndex":4}])");
  CHECK(world.put("k?acquire=" + other) == "false");
  CHECK(world.put("k?release=" + other) == "false");
  CHECK(world.ask("PUT", "/v1/session/destroy/" + id).body == "true");
  CHECK(world.get("/v1/kv/k").body ==
        R"([{"LockIndex":1,"Key":"k","Flags":7,"Value":"dg==","CreateIndex":4,"ModifyIndex":5}])");
  CHECK(world.put("k?acquire=" + other) == "false");  // lock-delay
  CHECK(world.put("k", "plain") == "true");
}

TEST_CASE("session api: without lock-delay, or given back, a key is free at once") {
  const Sessions world;
  const auto id = world.create(R"({"LockDelay":"0s"})");
  const auto slow = world.create();
  CHECK(world.put("k?acquire=" + id) == "true");
  CHECK(world.ask("PUT", "/v1/session/destroy/" + id).body == "true");
  CHECK(world.put("k?acquire=" + slow) == "true");
  CHECK(world.put("k?release=" + slow) == "true");
  CHECK(world.put("k?acquire=" + world.create()) == "true");
}

TEST_CASE("session api: a silent node's sessions end") {
  const Sessions world;
  const auto id = world.create(R"({"Behavior":"delete"})");
  CHECK(world.put("k?acquire=" + id) == "true");
  world.registry->setHealth(test::idOf(1), Health::Critical, "silent").value();
  CHECK(world.get("/v1/session/list").body == "[]");
  CHECK(world.get("/v1/kv/k").status == 404);
  CHECK(world.ask("PUT", "/v1/session/create").body == "Check 'serfHealth' is in critical state");
}

}  // namespace cluster_lab::registry

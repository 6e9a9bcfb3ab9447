// Answers of /v1/txn, compared with those of Consul 1.8.7.
#include <doctest/doctest.h>

#include "fixture.hpp"

namespace cluster_lab::registry {

using test::LeadingRegistry;

namespace {

struct Transactions : LeadingRegistry {
  Transactions() { registry->registerNode(test::nodeOf(1)).value(); }

  http::Response run(const std::string& operations, const std::string& query = {}) const {
    return ask("PUT", "/v1/txn" + query, "[" + operations + "]");
  }
  /// The only error of the only operation.
  std::string errorOf(const std::string& operation) const {
    const auto response = run(operation);
    CHECK(response.status == 409);
    const std::string begin = R"({"Results":null,"Errors":[{"OpIndex":0,"What":")";
    REQUIRE(response.body.starts_with(begin));
    const auto rest = response.body.substr(begin.size());
    return rest.substr(0, rest.find(R"("}])"));
  }
  bool runs(const std::string& operation) const {
    const auto response = run(operation);
    INFO(response.body);
    return response.status == 200;
  }
  void put(const std::string& key) const { ask("PUT", "/v1/kv/" + key, "v"); }
};

std::string kv(const std::string& verb, const std::string& key, const std::string& more = {}) {
  return R"({"KV":{"Verb":")" + verb + R"(","Key":")" + key + "\"" + more + "}}";
}

std::string node(const std::string& verb, const std::string& members) {
  return R"({"Node":{"Verb":")" + verb + R"(","Node":{)" + members + "}}}";
}

std::string service(const std::string& verb, const std::string& members,
                    const std::string& name = "ext") {
  return R"({"Service":{"Verb":")" + verb + R"(","Node":")" + name + R"(","Service":{)" + members +
         "}}}";
}

std::string check(const std::string& verb, const std::string& members) {
  return R"({"Check":{"Verb":")" + verb + R"(","Check":{"Node":"ext",)" + members + "}}}";
}

constexpr const char* kReadMembers =
    R"(,"Index":0,"LastContact":0,"KnownLeader":true,"ConsistencyLevel":""})";

}  // namespace

TEST_CASE("txn: what is set is told without its value, what is got with it") {
  const Transactions world;
  CHECK(world.run(kv("set", "a", R"(,"Value":"aGVsbG8=","Flags":5)")).body ==
        R"({"Results":[{"KV":{"LockIndex":0,"Key":"a","Flags":5,"Value":null,"CreateIndex":2,)"
        R"("ModifyIndex":2}}],"Errors":null})");
  CHECK(world.run(kv("get", "a")).body ==
        R"({"Results":[{"KV":{"LockIndex":0,"Key":"a","Flags":5,"Value":"aGVsbG8=",)"
        R"("CreateIndex":2,"ModifyIndex":2}}],"Errors":null)" +
            std::string(kReadMembers));
  CHECK(world.run("").body == R"({"Results":[],"Errors":null)" + std::string(kReadMembers));
  CHECK(world.ask("PUT", "/v1/txn", "null").status == 200);
}

TEST_CASE("txn: all or nothing, and each error is told") {
  const Transactions world;
  const auto response = world.run(kv("set", "r") + "," + kv("get", "nope") + "," +
                                  kv("check-index", "r", R"(,"Index":1)") + "," + kv("bogus", "r"));
  CHECK(response.status == 409);
  CHECK(response.body ==
        R"({"Results":null,"Errors":[{"OpIndex":1,"What":"key \"nope\" doesn't exist"},)"
        R"({"OpIndex":2,"What":"failed index check for key \"r\", current modify index 2 != 1"},)"
        R"({"OpIndex":3,"What":"unknown KV verb \"bogus\""}]})");
  CHECK(world.get("/v1/kv/r").status == 404);
  CHECK(world.registry->index() == 1);
}

TEST_CASE("txn: an operation sees what those before it did") {
  const Transactions world;
  world.put("t/1");
  const auto response =
      world.run(kv("set", "t/2") + "," + kv("delete", "t/1") + "," + kv("get-tree", "t/") + "," +
                kv("delete-tree", "t/") + "," + kv("check-not-exists", "t/2"));
  CHECK(response.body.find("t/1") == std::string::npos);
  CHECK(response.body.find(R"("Key":"t/2")") != std::string::npos);
  CHECK(response.status == 200);
  CHECK(world.get("/v1/kv/?keys").body == "[]");
}

TEST_CASE("txn: one index for all that it changes") {
  const Transactions world;
  CHECK(world.runs(kv("set", "a") + "," + kv("set", "b")));
  CHECK(world.registry->index() == 2);
  CHECK(world.runs(kv("set", "a")));  // the same again
  CHECK(world.registry->index() == 2);
}

TEST_CASE("txn: Consul's words for key/value operations that fail") {
  const Transactions world;
  world.put("a");
  CHECK(world.errorOf(kv("cas", "a", R"(,"Index":1)")) ==
        R"(failed to set key \"a\", index is stale)");
  CHECK(world.errorOf(kv("delete-cas", "a", R"(,"Index":1)")) ==
        R"(failed to delete key \"a\", index is stale)");
  CHECK(world.errorOf(kv("unlock", "a", R"(,"Session":"x")")) ==
        R"(failed to unlock key \"a\", lock isn't held, or is held by another session)");
  CHECK(world.errorOf(kv("lock", "a")) == "missing session");
  CHECK(world.errorOf(kv("lock", "a", R"(,"Session":"x")")) ==
        "failed session lookup: index error: UUID must be 36 characters");
  CHECK(world.errorOf(kv("check-session", "a", R"(,"Session":"x")")) ==
        R"(failed session check for key \"a\", current session \"\" != \"x\")");
  CHECK(world.errorOf(kv("check-session", "no")) ==
        R"(failed to check session, key \"no\" doesn't exist)");
  CHECK(world.errorOf(kv("check-index", "no")) ==
        R"(failed to check index, key \"no\" doesn't exist)");
  CHECK(world.errorOf(kv("check-not-exists", "a")) == R"(key \"a\" exists)");
  CHECK(world.errorOf(kv("set", "")) == "Must provide key");
  CHECK(world.errorOf(kv("get-tree", "")) == "Must provide key");
  CHECK(world.runs(kv("delete", "no") + "," + kv("delete-cas", "no", R"(,"Index":1)")));
}

TEST_CASE("txn: a lock is taken, checked, held back and given back") {
  const Transactions world;
  const auto create = [&] {
    return world.ask("PUT", "/v1/session/create", "{}").body.substr(7, 36);
  };
  const auto first = create();
  const auto named = [](const std::string& id) { return R"(,"Session":")" + id + "\""; };
  CHECK(world.runs(kv("lock", "l", named(first))));
  CHECK(world.runs(kv("check-session", "l", named(first))));
  CHECK(world.errorOf(kv("lock", "l", named(create()))) ==
        R"(failed to lock key \"l\", lock is already held)");
  CHECK(world.runs(kv("unlock", "l", named(first))));
  CHECK(world.runs(kv("lock", "l", named(first))));
  CHECK(world.ask("PUT", "/v1/session/destroy/" + first).status == 200);
  CHECK(world.errorOf(kv("lock", "l", named(create()))) ==
        R"(failed to lock key \"l\" due to lock delay)");
}

TEST_CASE("txn: nodes, services and checks") {
  const Transactions world;
  CHECK(world.runs(node("set", R"("Node":"ext","Address":"10.1.1.1","Meta":{"a":"b"})") + "," +
                   service("set", R"("ID":"w1","Service":"w","Port":80,"Tags":["x"])") + "," +
                   check("set", R"("CheckID":"c1","Name":"n","Status":"passing",)"
                                R"("ServiceID":"w1")")));
  const auto got = world.run(node("get", R"("Node":"ext")") + "," + service("get", R"("ID":"w1")") +
                             "," + check("get", R"("CheckID":"c1")"));
  CHECK(got.status == 200);
  for (const auto* part : {R"("Node":"ext","Address":"10.1.1.1")", R"("ID":"w1","Service":"w")",
                           R"("CheckID":"c1","Name":"n","Status":"passing")"}) {
    INFO(part);
    CHECK(got.body.find(part) != std::string::npos);
  }
  CHECK(world.get("/v1/health/service/w?passing").body.find("w1") != std::string::npos);
  CHECK(world.runs(node("delete", R"("Node":"ext")")));
  CHECK(world.get("/v1/health/service/w").body == "[]");
}

TEST_CASE("txn: a node that is deleted and set again has none of its services") {
  const Transactions world;
  const auto ext = R"("Node":"ext","Address":"10.1.1.1")";
  CHECK(world.runs(node("set", ext) + "," + service("set", R"("ID":"w1","Service":"w")")));
  CHECK(world.runs(node("delete", ext) + "," + node("set", ext) + "," +
                   service("set", R"("ID":"w2","Service":"w")")));
  const auto services = world.get("/v1/catalog/service/w").body;
  CHECK(services.find("w2") != std::string::npos);
  CHECK(services.find("w1") == std::string::npos);
}

TEST_CASE("txn: Consul's words for catalog operations that fail") {
  const Transactions world;
  CHECK(world.runs(node("set", R"("Node":"ext","Address":"10.1.1.1")")));
  CHECK(world.errorOf(node("get", R"("Node":"no")")) == R"(node \"no\" doesn't exist)");
  CHECK(world.errorOf(node("set", R"("Address":"10.1.1.1")")) == "Must provide node");
  CHECK(world.errorOf(node("cas", R"("Node":"ext","Address":"1.1.1.1","ModifyIndex":1)")) ==
        R"(failed to set node \"ext\", index is stale)");
  CHECK(world.errorOf(node("delete-cas", R"("Node":"no")")) ==
        R"(failed to delete node \"no\", index is stale)");
  CHECK(world.errorOf(node("bogus", R"("Node":"ext")")) == R"(unknown Node verb \"bogus\")");
  CHECK(world.errorOf(service("get", R"("ID":"w")")) ==
        R"(service \"w\" on node \"ext\" doesn't exist)");
  CHECK(world.errorOf(service("set", R"("Service":"w")", "no")) == "Missing node registration");
  CHECK(world.errorOf(service("set", R"("ID":"w")")) == "Must provide service name with ID");
  CHECK(world.errorOf(service("set", R"("Service":"w","Address":"0.0.0.0")")) ==
        "Invalid service address");
  CHECK(world.errorOf(check("get", R"("CheckID":"c")")) ==
        R"(check \"c\" on node \"ext\" doesn't exist)");
  CHECK(world.errorOf(check("set", R"("CheckID":"c","ServiceID":"no")")) ==
        "Missing service registration");
  CHECK(world.errorOf(check("delete-cas", R"("CheckID":"c","ModifyIndex":1)")) ==
        R"(failed to delete check \"c\" on node \"ext\", index is stale)");
}

TEST_CASE("txn: what cannot be read, is too much or too large") {
  const Transactions world;
  const auto refusal = [&](const std::string& body) {
    const auto response = world.ask("PUT", "/v1/txn", body);
    CHECK(response.status == 400);
    return response.body;
  };
  CHECK(refusal("") == "Failed to parse body: EOF");
  CHECK(refusal("{}").starts_with("Failed to parse body: json: cannot unmarshal object"));
  CHECK(refusal(R"([{"KV":{"Verb":"set","Key":"x","Value":"!!"}}])") ==
        "Failed to parse body: illegal base64 data at input byte 0");
  CHECK(refusal(R"([{"Session":{"Verb":"delete"}}])") ==
        "Failed to parse body: json: unknown field \"Session\"");
  CHECK(refusal(R"([{"KV":{"Verb":"set","Key":"x","Bogus":1}}])") ==
        "Failed to parse body: json: unknown field \"Bogus\"");
  std::string many = kv("get", "a");
  for (int i = 0; i < 64; ++i) many += "," + kv("get", "a");
  const auto tooMany = world.run(many);
  CHECK(tooMany.status == 413);
  CHECK(tooMany.body == "Transaction contains too many operations (65 > 64)");
  const auto tooLarge = world.ask("PUT", "/v1/txn", std::string(524289, ' '));
  CHECK(tooLarge.status == 413);
  CHECK(tooLarge.body.ends_with("options.html#txn_max_req_len."));
}

TEST_CASE("txn: a reading one is answered without a leader, and on the LAN") {
  const Transactions world;
  world.put("a");
  world.registry->wander();
  CHECK(world.runs(kv("get", "a")));
  CHECK(world.run(kv("set", "a")).body == "No cluster leader");
  auto request = test::requestOf("PUT", "/v1/txn", "[" + kv("get", "a") + "]");
  request.peer = test::address("10.0.0.7");
  CHECK(world.router.route(request).status == 200);
  request.body = "[" + kv("set", "a") + "]";
  CHECK(world.router.route(request).status == 403);
}

}  // namespace cluster_lab::registry

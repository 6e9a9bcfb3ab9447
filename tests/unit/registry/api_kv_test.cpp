// Answers of /v1/kv, compared with those of Consul 1.8.7.
#include <doctest/doctest.h>

#include "fixture.hpp"

namespace cluster_lab::registry {

using test::headerOf;
using test::LeadingRegistry;

namespace {

struct Keys : LeadingRegistry {
  std::string put(const std::string& target, const std::string& value = {}) const {
    const auto response = ask("PUT", "/v1/kv/" + target, value);
    CHECK(response.status == 200);
    return response.body;
  }
};

}  // namespace

TEST_CASE("kv: a value comes back as base64, or raw") {
  const Keys keys;
  CHECK(keys.put("a/b?flags=42", "hello") == "true");
  const auto response = keys.get("/v1/kv/a/b");
  CHECK(response.body ==
        R"([{"LockIndex":0,"Key":"a/b","Flags":42,"Value":"aGVsbG8=","CreateIndex":1,)"
        R"("ModifyIndex":1}])");
  CHECK(headerOf(response, "X-Consul-Index") == "1");
  const auto raw = keys.get("/v1/kv/a/b?raw");
  CHECK(raw.body == "hello");
  CHECK(raw.contentType == "text/plain");
  CHECK(headerOf(raw, "Content-Security-Policy") == "sandbox");
}

TEST_CASE("kv: an empty value is null") {
  const Keys keys;
  keys.put("e");
  CHECK(keys.get("/v1/kv/e").body.find(R"("Value":null)") != std::string::npos);
  CHECK(keys.get("/v1/kv/e?raw").body.empty());
}

TEST_CASE("kv: a missing key is 404 without a body and with the table's index") {
  const Keys keys;
  CHECK(headerOf(keys.get("/v1/kv/none"), "X-Consul-Index") == "1");
  keys.put("a");
  keys.put("b");
  const auto response = keys.get("/v1/kv/none");
  CHECK(response.status == 404);
  CHECK(response.body.empty());
  CHECK(headerOf(response, "X-Consul-Index") == "2");
  CHECK(keys.get("/v1/kv/none?recurse").status == 404);
  CHECK(keys.get("/v1/kv/none?keys").status == 404);
}

TEST_CASE("kv: no key at all") {
  const Keys keys;
  for (const auto* method : {"GET", "PUT", "DELETE"}) {
    const auto response = keys.ask(method, "/v1/kv/");
    CHECK(response.status == 400);
    CHECK(response.body == "Missing key name");
  }
  CHECK(keys.get("/v1/kv/?keys").body == "[]");
  CHECK(keys.get("/v1/kv/?recurse").status == 404);
}

TEST_CASE("kv: keys and their folders") {
  const Keys keys;
  for (const auto* key : {"a", "a/b", "a/c/d", "a/c/e", "z"}) keys.put(key);
  CHECK(keys.get("/v1/kv/?keys").body == R"(["a","a/b","a/c/d","a/c/e","z"])");
  CHECK(keys.get("/v1/kv/a/?keys&separator=/").body == R"(["a/b","a/c/"])");
  CHECK(keys.get("/v1/kv/?keys&separator=/").body == R"(["a","a/","z"])");
  CHECK(keys.get("/v1/kv/?keys&separator=").body == R"(["a","a/b","a/c/d","a/c/e","z"])");
}

TEST_CASE("kv: a tree, and its index after a key of it went") {
  const Keys keys;
  keys.put("t/1");
  keys.put("t/2");
  keys.put("u");
  CHECK(headerOf(keys.get("/v1/kv/t/?recurse"), "X-Consul-Index") == "2");
  CHECK(keys.ask("DELETE", "/v1/kv/t/1").body == "true");
  const auto tree = keys.get("/v1/kv/t/?recurse&raw");
  CHECK(tree.body.find("t/1") == std::string::npos);
  CHECK(tree.body.find("t/2") != std::string::npos);
  CHECK(headerOf(tree, "X-Consul-Index") == "4");
  CHECK(keys.ask("DELETE", "/v1/kv/?recurse").body == "true");
  CHECK(keys.get("/v1/kv/?recurse").status == 404);
}

TEST_CASE("kv: check-and-set answers false where it did nothing") {
  const Keys keys;
  CHECK(keys.put("a?cas=0", "x") == "true");
  CHECK(keys.put("a?cas=0", "y") == "false");
  CHECK(keys.put("a?cas=1", "y") == "true");
  CHECK(keys.ask("DELETE", "/v1/kv/a?cas=1").body == "false");
  CHECK(keys.ask("DELETE", "/v1/kv/a?cas=2").body == "true");
}

TEST_CASE("kv: Consul's refusals") {
  const Keys keys;
  const auto bad = keys.ask("PUT", "/v1/kv/a?flags=bad", "x");
  CHECK(bad.status == 500);
  CHECK(bad.body == "strconv.ParseUint: parsing \"bad\": invalid syntax");
  CHECK(keys.ask("PUT", "/v1/kv/a?cas", "x").status == 500);
  const auto conflict = keys.ask("DELETE", "/v1/kv/a?recurse&cas=1");
  CHECK(conflict.status == 400);
  CHECK(conflict.body == "Conflicting flags: cas=1&recurse=");
  CHECK(keys.ask("PUT", "/v1/kv/a?acquire=s&cas=0").status == 400);
  CHECK(keys.ask("PUT", "/v1/kv/a?acquire=").body == "missing session");
  CHECK(keys.ask("PUT", "/v1/kv/a?acquire=s").body ==
        "failed session lookup: index error: UUID must be 36 characters");
  CHECK(keys.ask("PUT", "/v1/kv/a?acquire=18015da5-8d04-4f0b-b4f8-e91d9a4ea9b9").body ==
        "invalid session \"18015da5-8d04-4f0b-b4f8-e91d9a4ea9b9\"");
  CHECK(keys.ask("PUT", "/v1/kv/a?release=s").body == "false");
  CHECK(keys.get("/v1/kv/a").status == 404);
}

TEST_CASE("kv: a value of 512 KiB fits, one byte more does not") {
  const Keys keys;
  keys.put("big", std::string(524288, 'x'));
  const auto response = keys.ask("PUT", "/v1/kv/big", std::string(524289, 'x'));
  CHECK(response.status == 413);
  CHECK(response.body.starts_with("Request body(524289 bytes) too large, max size: 524288 bytes."));
}

TEST_CASE("kv: a neighbour on the LAN may look and not write") {
  const Keys keys;
  auto request = test::requestOf("PUT", "/v1/kv/a", "x");
  request.peer = test::address("10.0.0.7");
  request.local = test::address("10.0.0.1");
  const auto refusal = keys.router.route(request);
  CHECK(refusal.status == 403);
  CHECK(refusal.body.find("registry.lan-writes=yes") != std::string::npos);
  // An address of the cluster on one side only is a forged or routed packet.
  request.peer = test::address("192.168.200.105");
  CHECK(keys.router.route(request).status == 403);
  request.local = test::kLeaderAddress;
  CHECK(keys.router.route(request).body == "true");
  request.method = "GET";
  request.peer = test::address("10.0.0.7");
  CHECK(keys.router.route(request).status == 200);
}

TEST_CASE("kv: without a leader there is no writing, and reading goes on") {
  const Keys keys;
  keys.put("a", "x");
  keys.registry->wander();
  const auto response = keys.ask("PUT", "/v1/kv/a", "y");
  CHECK(response.status == 500);
  CHECK(response.body == "No cluster leader");
  CHECK(keys.get("/v1/kv/a?raw").body == "x");
}

TEST_CASE("kv: what was written is there after a restart, and the index goes on") {
  const test::TemporaryFolder folder;
  {
    auto registry = Registry::open(test::optionsFor(1, folder.path())).value();
    registry->lead(1, test::kLeaderAddress).value();
    http::Router router;
    registry->addRoutes(router);
    CHECK(router.route(test::requestOf("PUT", "/v1/kv/a", "x")).status == 200);
  }
  auto registry = Registry::open(test::optionsFor(1, folder.path())).value();
  CHECK(registry->index() == 1);
  CHECK(registry->term() == 1);
  registry->lead(2, test::kLeaderAddress).value();
  http::Router router;
  registry->addRoutes(router);
  CHECK(router.route(test::requestOf("GET", "/v1/kv/a?raw")).body == "x");
  CHECK(router.route(test::requestOf("PUT", "/v1/kv/b", "y")).body == "true");
  CHECK(registry->index() == 2);
  CHECK(registry->term() == 2);
}

}  // namespace cluster_lab::registry

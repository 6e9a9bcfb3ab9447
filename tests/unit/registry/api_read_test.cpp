// Answers of the reading endpoints, compared with those of Consul 1.8.7.
#include <doctest/doctest.h>

#include <fstream>

#include "fixture.hpp"

namespace cluster_lab::registry {

using test::headerOf;
using test::idOf;
using test::LeadingRegistry;
using test::nodeOf;

namespace {

struct TwoNodes : LeadingRegistry {
  TwoNodes() {
    registry->registerNode(nodeOf(1, Role::Leading)).value();
    registry->registerNode(nodeOf(2)).value();
  }
};

}  // namespace

TEST_CASE("api: status tells the leader and the peers as IP:8300") {
  const TwoNodes world;
  CHECK(world.get("/v1/status/leader").body == "\"192.168.200.1:8300\"");
  CHECK(world.get("/v1/status/peers").body == R"(["192.168.200.1:8300","192.168.200.102:8300"])");
}

TEST_CASE("api: without a leader the leader is an empty text") {
  const TwoNodes world;
  world.registry->wander();
  CHECK(world.get("/v1/status/leader").body == "\"\"");
  CHECK(headerOf(world.get("/v1/catalog/nodes"), "X-Consul-KnownLeader") == "false");
}

TEST_CASE("api: the catalog shows a node as Consul does") {
  const TwoNodes world;
  const auto response = world.get("/v1/catalog/nodes?node-meta=cluster-lab-role:leader");
  CHECK(response.status == 200);
  CHECK(
      response.body ==
      R"([{"ID":"00000000-0000-0000-0000-000000000001","Node":"pi-1","Address":"192.168.200.101",)"
      R"("Datacenter":"dc1","TaggedAddresses":{"lan":"192.168.200.101","lan_ipv4":)"
      R"("192.168.200.101","wan":"192.168.200.101","wan_ipv4":"192.168.200.101"},"Meta":{)"
      R"("cluster-lab-mac":"b8:27:eb:00:00:01","cluster-lab-role":"leader",)"
      R"("cluster-lab-version":"1.0.0","size":"big"},"CreateIndex":1,"ModifyIndex":1}])");
  CHECK(headerOf(response, "X-Consul-Index") == "2");
  CHECK(headerOf(response, "X-Consul-KnownLeader") == "true");
  CHECK(headerOf(response, "X-Consul-LastContact") == "0");
}

TEST_CASE("api: the catalog filters by every node-meta pair") {
  const TwoNodes world;
  CHECK(world.get("/v1/catalog/nodes?node-meta=size:big&node-meta=cluster-lab-role:follower")
            .body.find("pi-2") != std::string::npos);
  CHECK(world.get("/v1/catalog/nodes?node-meta=size:big&node-meta=cluster-lab-role:x").body ==
        "[]");
  CHECK(world.get("/v1/catalog/nodes?node-meta=size").body == "[]");
}

TEST_CASE("api: one node of the catalog, and none") {
  const TwoNodes world;
  const auto found = world.get("/v1/catalog/node/pi-2").body;
  CHECK(found.starts_with(R"({"Node":{"ID":"00000000-0000-0000-0000-000000000002",)"));
  const std::string own = R"("CreateIndex":2,"ModifyIndex":2},"Services":{"cluster-lab":)"
                          R"({"ID":"cluster-lab","Service":"cluster-lab","Tags":["follower"],)";
  CHECK(found.find(own) != std::string::npos);
  CHECK(world.get("/v1/catalog/node/none").body == "null");
  CHECK(world.get("/v1/catalog/node/").status == 400);
  CHECK(world.get("/v1/catalog/node/").body == "Missing node name");
}

TEST_CASE("api: datacenters and services") {
  const TwoNodes world;
  CHECK(world.get("/v1/catalog/datacenters").body == R"(["dc1"])");
  CHECK(world.get("/v1/catalog/datacenters?pretty").body == "[\n    \"dc1\"\n]\n");
  CHECK(world.get("/v1/catalog/services").body == R"({"cluster-lab":["follower","leader"]})");
}

TEST_CASE("api: health of a node, of all, by state") {
  const TwoNodes world;
  world.registry->setHealth(idOf(2), Health::Critical, "Agent not live or unreachable").value();
  CHECK(world.get("/v1/health/node/pi-2").body ==
        R"([{"Node":"pi-2","CheckID":"serfHealth","Name":"Serf Health Status","Status":"critical",)"
        R"("Notes":"","Output":"Agent not live or unreachable","ServiceID":"","ServiceName":"",)"
        R"("ServiceTags":[],"Type":"","Definition":{},"CreateIndex":2,"ModifyIndex":3}])");
  CHECK(world.get("/v1/health/node/none").body == "[]");
  CHECK(world.get("/v1/health/state/any").body.find("pi-1") != std::string::npos);
  CHECK(world.get("/v1/health/state/critical").body.find("pi-1") == std::string::npos);
  CHECK(world.get("/v1/health/state/bogus").body == "[]");
  CHECK(world.get("/v1/health/state/").body == "Missing check state");
  CHECK(headerOf(world.get("/v1/health/state/any"), "X-Consul-Index") == "3");
}

TEST_CASE("api: members are alive or failed, the leader is the server") {
  const TwoNodes world;
  world.registry->setHealth(idOf(2), Health::Critical, "").value();
  const auto body = world.get("/v1/agent/members?segment=_all").body;
  CHECK(body.starts_with(R"([{"Name":"pi-1","Addr":"192.168.200.101","Port":8301,"Tags":{)"));
  CHECK(body.find(R"("role":"consul")") < body.find(R"("role":"node")"));
  CHECK(world.get("/v1/agent/members?segment=x").status == 500);
  CHECK(body.find(R"("Status":1)") < body.find(R"("Status":4)"));
}

TEST_CASE("api: an agent tells of itself, also before it is registered") {
  const LeadingRegistry world;
  CHECK(
      world.get("/v1/agent/self")
          .body.starts_with(
              R"({"Config":{"Datacenter":"dc1","NodeName":"pi-1","NodeID":)"
              R"("00000000-0000-0000-0000-000000000001","Revision":"cluster-lab 1.0.0","Server":true,)"));
  world.registry->registerNode(nodeOf(1, Role::Leading)).value();
  CHECK(world.get("/v1/agent/self").body.find(R"("Meta":{"cluster-lab-mac":)") !=
        std::string::npos);
}

TEST_CASE("api: Consul's refusals of parameters") {
  const TwoNodes world;
  const std::pair<const char*, const char*> refusals[] = {
      {"wait=bad", "Invalid wait time"},
      {"wait=5", "Invalid wait time"},
      {"index=bad", "Invalid index"},
      {"index=-1", "Invalid index"},
      {"max_stale=bad", "Invalid max_stale value \"bad\""},
      {"stale&consistent", "Cannot specify ?stale with ?consistent, conflicting semantics."}};
  for (const auto& [query, text] : refusals) {
    const auto response = world.get(std::string("/v1/catalog/nodes?") + query);
    CHECK(response.status == 400);
    CHECK(response.body == text);
  }
  CHECK(world.get("/v1/catalog/nodes?dc=other").status == 500);
  CHECK(world.get("/v1/catalog/nodes?dc=other").body == "No path to datacenter");
  CHECK(world.get("/v1/status/leader?dc=other").status == 500);
  CHECK(world.get("/v1/catalog/nodes?dc=dc1&near=_agent&stale").status == 200);
}

TEST_CASE("api: other methods are refused with what is allowed") {
  const TwoNodes world;
  const auto response = world.ask("PUT", "/v1/catalog/nodes");
  CHECK(response.status == 405);
  CHECK(response.body == "method PUT not allowed");
  CHECK(headerOf(response, "Allow") == "OPTIONS,GET");
  CHECK(world.ask("HEAD", "/v1/catalog/nodes").status == 405);
  CHECK(world.ask("OPTIONS", "/v1/kv/a").status == 200);
  CHECK(headerOf(world.ask("OPTIONS", "/v1/kv/a"), "Allow") == "OPTIONS,GET,PUT,DELETE");
}

TEST_CASE("api: an index is never 0") {
  const LeadingRegistry world;
  CHECK(headerOf(world.get("/v1/catalog/nodes"), "X-Consul-Index") == "1");
}

TEST_CASE("api: our own list of nodes") {
  const TwoNodes world;
  CHECK(
      world.get("/cluster/v1/nodes")
          .body.starts_with(
              R"([{"name":"pi-1","id":"00000000-0000-0000-0000-000000000001","address":"192.168.200.101",)"
              R"("role":"leader","health":"passing","health_note":"Agent alive and reachable",)"
              R"("age_seconds":0,"labels":{"size":"big"},"mac":"b8:27:eb:00:00:01","version":"1.0.0"},)"));
  CHECK(world.get("/cluster/v1/status").body == R"({"state":"leading"})");
}

TEST_CASE("api: the page is served from its folder and nothing beside it") {
  const LeadingRegistry world;
  CHECK(world.get("/ui/").status == 404);
  CHECK(world.get("/ui/").body.find("index.html") != std::string::npos);
  const auto folder = world.folder.path() / "ui";
  std::filesystem::create_directory(folder);
  std::ofstream(folder / "index.html") << "<p>";
  std::ofstream(folder / "app.js") << "let a;";
  std::ofstream(world.folder.path() / "secret") << "x";
  CHECK(world.get("/ui/").contentType == "text/html; charset=utf-8");
  CHECK(world.get("/ui/app.js").contentType == "text/javascript; charset=utf-8");
  for (const auto* path : {"/ui/../secret", "/ui//etc/passwd", "/ui/./app.js", "/ui/none.js"}) {
    INFO(path);
    CHECK(world.get(path).status == 404);
  }
  CHECK(world.get("/").status == 301);
  CHECK(headerOf(world.get("/ui"), "Location") == "/ui/");
}

TEST_CASE("api: a page that the browser has is not sent again") {
  const LeadingRegistry world;
  std::filesystem::create_directory(world.folder.path() / "ui");
  std::ofstream(world.folder.path() / "ui" / "index.html") << "<p>";
  const auto first = world.get("/ui/");
  CHECK(headerOf(first, "Cache-Control") == "no-cache");
  auto request = test::requestOf("GET", "/ui/");
  request.headers = {{"If-None-Match", headerOf(first, "ETag")}};
  const auto second = world.router.route(request);
  CHECK(second.status == 304);
  CHECK(second.body.empty());
}

}  // namespace cluster_lab::registry

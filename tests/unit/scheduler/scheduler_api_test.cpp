#include "scheduler/scheduler_api.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "http/router.hpp"
#include "http/server.hpp"
#include "registry_world.hpp"
#include "scheduler/engine_client.hpp"
#include "scheduler/engine_json.hpp"

namespace cluster_lab::scheduler {
namespace {

using nlohmann::json;

/// The endpoint over a registry in memory, asked without a network.
struct Endpoint {
  RegistryWorld registry;
  SchedulerApi api{registry, {testNetwork(), "1.0.0"}};
  http::Router router;

  Endpoint() { api.addRoutes(router); }

  http::Response ask(const char* method, const std::string& path, const std::string& body = {},
                     const char* peer = "192.168.200.102") {
    http::Request request;
    request.method = method;
    request.path = path;
    request.body = body;
    request.peer = *Ipv4::parse(peer);
    request.local = *Ipv4::parse("192.168.200.1");
    return router.route(request);
  }
};

std::string headerOf(const http::Response& response, const std::string& name) {
  const auto found =
      std::ranges::find(response.headers, name, &std::pair<std::string, std::string>::first);
  return found == response.headers.end() ? "(none)" : found->second;
}

}  // namespace

TEST_CASE("scheduler: a node registers, is listed, shown and removed") {
  Endpoint endpoint;
  endpoint.registry.addNode(nodeNumber(2));
  const auto registered = endpoint.ask("POST", "/cluster/v1/nodes", renderEngine(engineNumber(2)));
  REQUIRE(registered.status == 200);
  CHECK(json::parse(registered.body) == json{{"Name", "pi-2"}, {"Manager", "192.168.200.1"}});
  const auto listed = json::parse(endpoint.ask("GET", "/cluster/v1/nodes").body);
  REQUIRE(listed.size() == 1);
  CHECK(listed[0]["Status"] == "Healthy");
  CHECK(listed[0]["EngineVersion"] == "20.10.24");
  CHECK(json::parse(endpoint.ask("GET", "/cluster/v1/nodes/pi-2").body)["Name"] == "pi-2");
  const auto byId = "/cluster/v1/nodes/" + nodeId(2).toString();
  CHECK(endpoint.ask("GET", byId).status == 200);
  CHECK(endpoint.ask("DELETE", byId).status == 200);
  CHECK(endpoint.registry.engines().empty());
  CHECK(endpoint.ask("DELETE", "/cluster/v1/nodes/none").status == 404);
}

TEST_CASE("scheduler: a wrong registration is 400 and says what is wrong") {
  Endpoint endpoint;
  const auto garbage = endpoint.ask("POST", "/cluster/v1/nodes", "garbage");
  CHECK(garbage.status == 400);
  CHECK(garbage.body == "the body is not a JSON object\n");
  auto elsewhere = engineNumber(2);
  elsewhere.address = *Ipv4::parse("10.0.0.1");
  const auto refused = endpoint.ask("POST", "/cluster/v1/nodes", renderEngine(elsewhere));
  CHECK(refused.status == 400);
  CHECK(refused.body == "member Address: 10.0.0.1 is not within 192.168.200.0/24\n");
}

TEST_CASE("scheduler: a node that does not lead answers 503") {
  Endpoint endpoint;
  endpoint.registry.loseLead();
  CHECK(endpoint.ask("POST", "/cluster/v1/nodes", renderEngine(engineNumber(2))).status == 503);
}

TEST_CASE("scheduler: the LAN is refused, for reading too") {
  Endpoint endpoint;
  for (const auto* path : {"/cluster/v1/nodes", "/info", "/_ping", "/containers/json"}) {
    const auto refused = endpoint.ask("GET", path, {}, "192.168.1.5");
    CHECK(refused.status == 403);
    CHECK(json::parse(refused.body).contains("message"));
  }
  CHECK(endpoint.ask("GET", "/info", {}, "127.0.0.1").status == 200);
}

TEST_CASE("scheduler: ping tells Docker's clients the API version, with GET and HEAD") {
  Endpoint endpoint;
  for (const auto* method : {"GET", "HEAD"}) {
    for (const auto* path : {"/_ping", "/v1.24/_ping", "/v1.41/_ping"}) {
      const auto pong = endpoint.ask(method, path);
      CHECK(pong.status == 200);
      CHECK(pong.body == "OK");
      CHECK(headerOf(pong, "Api-Version") == "1.41");
      CHECK(headerOf(pong, "OSType") == "linux");
    }
  }
}

TEST_CASE("scheduler: info and version are served under each API version") {
  Endpoint endpoint;
  endpoint.registry.addNode(nodeNumber(1, Role::Leading));
  for (const auto* path : {"/info", "/v1.24/info", "/v1.41/info"}) {
    CHECK(json::parse(endpoint.ask("GET", path).body)["Name"] == "pi-1");
  }
  CHECK(json::parse(endpoint.ask("GET", "/v1.41/version").body)["Version"] == "1.0.0");
  CHECK(endpoint.ask("GET", "/v1.99/info").status == 400);
}

TEST_CASE("scheduler: the rest of Docker's API is 501 and says so") {
  Endpoint endpoint;
  for (const auto* path : {"/v1.41/containers/json", "/", "/images/create", "/cluster/v2"}) {
    const auto refused = endpoint.ask("GET", path);
    CHECK(refused.status == 501);
    CHECK(json::parse(refused.body)["message"].get<std::string>().find("not served") !=
          std::string::npos);
  }
  CHECK(endpoint.ask("POST", "/info").status == 501);
}

TEST_CASE("scheduler: registerEngine reaches a real endpoint and hands its refusal back") {
  Endpoint endpoint;
  const auto server = http::Server::start(
      {.address = "127.0.0.1"},
      [&](const http::Request& request) { return endpoint.router.route(request); });
  REQUIRE(server);
  const auto here = *Ipv4::parse("127.0.0.1");
  CHECK(registerEngine(here, (*server)->port(), engineNumber(2)).has_value());
  CHECK(endpoint.registry.engines().size() == 1);
  auto nameless = engineNumber(3);
  nameless.nodeName = "";
  const auto refused = registerEngine(here, (*server)->port(), nameless);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::InvalidArgument);
  CHECK(refused.error().message.find("member Name") != std::string::npos);
}

}  // namespace cluster_lab::scheduler

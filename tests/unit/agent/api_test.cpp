#include "place.hpp"

// Statuses and texts were seen with Consul 1.8.7.
namespace cluster_lab::agent {
namespace {

using test::Place;

void refused(const http::Response& response, int status, const std::string& text) {
  CHECK(response.status == status);
  CHECK(response.body == text);
}

bool has(const http::Response& response, const std::string& part) {
  return response.body.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("agent api: a service that is registered is shown here and in the catalog at once") {
  const Place place;
  const auto done = place.put("/v1/agent/service/register", R"({"Name":"web","Port":80})");
  CHECK(done.status == 200);
  CHECK(done.body.empty());
  CHECK(has(place.get("/v1/agent/services"), R"({"web":{"ID":"web","Service":"web")"));
  CHECK(has(place.get("/v1/catalog/service/web"), R"("ServicePort":80)"));
  CHECK(place.put("/v1/agent/service/deregister/web").status == 200);
  CHECK(place.get("/v1/agent/services").body == "{}");
  CHECK(place.get("/v1/catalog/service/web").body == "[]");
}

TEST_CASE("agent api: one service is shown with its content hash, or is unknown") {
  const Place place;
  CHECK(place.put("/v1/agent/service/register", R"({"Name":"web"})").status == 200);
  const auto web = place.get("/v1/agent/service/web");
  const auto hash = registry::test::headerOf(web, "X-Consul-ContentHash");
  CHECK(web.body.ends_with(R"("ContentHash":")" + hash + "\"}"));
  refused(place.get("/v1/agent/service/nope"), 404, "unknown service ID: nope");
  CHECK(place.get("/v1/agent/service/web?wait=10ms&hash=" + hash).status == 200);
}

TEST_CASE("agent api: a request for another service content waits until it changes") {
  const Place place;
  CHECK(place.put("/v1/agent/service/register", R"({"Name":"web"})").status == 200);
  const auto hash =
      registry::test::headerOf(place.get("/v1/agent/service/web"), "X-Consul-ContentHash");
  std::thread changer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    CHECK(place.put("/v1/agent/service/register", R"({"Name":"web","Port":7})").status == 200);
  });
  CHECK(has(place.get("/v1/agent/service/web?wait=10s&hash=" + hash), R"("Port":7)"));
  changer.join();
}

TEST_CASE("agent api: what cannot be registered is refused as Consul does") {
  const Place place;
  refused(place.put("/v1/agent/service/register", "{}"), 400, "Missing service name");
  refused(place.put("/v1/agent/check/register", "{}"), 400, "Missing check name");
  refused(place.put("/v1/agent/check/register", R"({"Name":"m","TTL":"1s","ServiceID":"none"})"),
          500, "ServiceID \"none\" does not exist");
  refused(place.put("/v1/agent/service/deregister/"), 500, "ServiceID missing");
  refused(place.put("/v1/agent/check/deregister/"), 500, "CheckID missing");
  CHECK(place.put("/v1/agent/service/deregister/nope").status == 200);
  CHECK(place.put("/v1/agent/check/deregister/nope").status == 200);
  refused(place.get("/v1/agent/check/pass/x"), 405, "method GET not allowed");
}

TEST_CASE("agent api: scripts are refused unless the configuration allows them") {
  const std::string script = R"({"Name":"m","Args":["true"],"Interval":"1s"})";
  const Place place;
  const auto response = place.put("/v1/agent/check/register", script);
  CHECK(response.status == 500);
  CHECK(response.body.starts_with(
      "Scripts are disabled on this agent from remote calls; to enable, configure "
      "'enable_script_checks' to true"));
  CHECK(place.put("/v1/agent/service/register", R"({"Name":"s","Check":)" + script + "}").status ==
        500);
  const Place open(true);
  CHECK(open.put("/v1/agent/check/register", script).status == 200);
}

TEST_CASE("agent api: a TTL check says what it is told") {
  const Place place;
  CHECK(place.put("/v1/agent/check/register", R"({"Name":"m","TTL":"1m"})").status == 200);
  CHECK(place.put("/v1/agent/check/pass/m?note=hello").status == 200);
  CHECK(has(place.get("/v1/agent/checks"), R"("Status":"passing","Notes":"","Output":"hello")"));
  CHECK(place.put("/v1/agent/check/warn/m").status == 200);
  CHECK(has(place.get("/v1/agent/checks"), R"("Status":"warning")"));
  CHECK(place.put("/v1/agent/check/fail/m").status == 200);
  CHECK(has(place.get("/v1/agent/checks"), R"("Status":"critical")"));
  CHECK(place.put("/v1/agent/check/update/m", R"({"Status":"passing"})").status == 200);
  CHECK(test::eventually(
      [&] { return has(place.get("/v1/health/state/passing"), R"("CheckID":"m")"); }));
  refused(place.put("/v1/agent/check/pass/none"), 500,
          "CheckID \"none\" does not have associated TTL");
  refused(place.put("/v1/agent/check/update/m", "{}"), 400, "Invalid check status: ''");
}

TEST_CASE("agent api: services and checks can be filtered") {
  const Place place;
  CHECK(place.put("/v1/agent/service/register", R"({"Name":"web"})").status == 200);
  CHECK(place.put("/v1/agent/service/register", R"({"Name":"db"})").status == 200);
  const auto found = place.get("/v1/agent/services?filter=Service==db");
  CHECK_FALSE(has(found, R"("web")"));
  CHECK(has(found, R"("db")"));
  CHECK(place.get("/v1/agent/services?filter=bad").status == 500);
  CHECK(has(place.get("/v1/agent/services?filter=Nope==1"), "Selector \"Nope\" is not valid"));
}

TEST_CASE("agent api: maintenance of a service and of the node") {
  const Place place;
  CHECK(place.put("/v1/agent/service/register", R"({"Name":"web"})").status == 200);
  refused(place.put("/v1/agent/service/maintenance/"), 400, "Missing service ID");
  refused(place.put("/v1/agent/service/maintenance/web"), 400, "Missing value for enable");
  refused(place.put("/v1/agent/service/maintenance/web?enable=zz"), 400,
          "Invalid value for enable: \"zz\"");
  refused(place.put("/v1/agent/service/maintenance/no?enable=true"), 404,
          "No service registered with ID \"no\"");
  CHECK(place.put("/v1/agent/service/maintenance/web?enable=1&reason=why").status == 200);
  CHECK(place.get("/v1/health/service/web?passing").body == "[]");
  CHECK(place.put("/v1/agent/service/maintenance/web?enable=f").status == 200);
  CHECK(place.put("/v1/agent/maintenance?enable=true").status == 200);
  CHECK(has(place.get("/v1/agent/checks"), "_node_maintenance"));
  CHECK(place.get("/v1/health/service/web?passing").body == "[]");
}

TEST_CASE("agent api: the health of a service, by id and by name") {
  const Place place;
  const std::string base = "/v1/agent/health/service/";
  CHECK(place
            .put("/v1/agent/service/register",
                 R"({"Name":"web","Check":{"TTL":"1m","Status":"passing"}})")
            .status == 200);
  CHECK(place.get(base + "id/web").status == 200);
  refused(place.get(base + "id/web?format=text"), 200, "passing");
  CHECK(place.put("/v1/agent/check/warn/service:web").status == 200);
  refused(place.get(base + "name/web?format=text"), 429, "warning");
  CHECK(place.put("/v1/agent/check/fail/service:web").status == 200);
  refused(place.get(base + "id/web?format=text"), 503, "critical");
  refused(place.get(base + "id/no"), 404,
          R"({"AggregatedStatus":"critical","Service":null,"Checks":null})");
  refused(place.get(base + "id/no?format=text"), 404, "\"ServiceId no not found\"");
  refused(place.get(base + "name/no"), 404, "[]");
  refused(place.get(base + "name/no?format=text"), 404, "ServiceName no Not Found");
}

TEST_CASE("agent api: joining, leaving, and what Consul answers without a feature") {
  const Place place;
  CHECK(place.put("/v1/agent/join/192.168.200.101:8301").status == 200);
  const auto stranger = place.put("/v1/agent/join/10.0.0.1");
  CHECK(stranger.status == 500);
  CHECK(stranger.body.starts_with("1 error occurred:\n\t* Failed to join 10.0.0.1: "));
  refused(place.put("/v1/agent/force-leave/none"), 500, "agent: No node found with name 'none'");
  CHECK(place.put("/v1/agent/reload").status == 200);
  refused(place.put("/v1/agent/token/default"), 401, "ACL support disabled");
  refused(place.get("/v1/agent/connect/ca/roots"), 500,
          "Connect must be enabled in order to use this endpoint");
  CHECK(place.get("/v1/agent/host").status == 200);
  CHECK_FALSE(place.stopped);
  CHECK(place.put("/v1/agent/leave").status == 200);
  CHECK(place.stopped);
}

TEST_CASE("agent api: a node that is silent can be made to leave, one that is alive stays") {
  const Place place;
  auto& registry = *place.registry;
  REQUIRE(registry.registerNode(registry::test::nodeOf(2)));
  CHECK(place.put("/v1/agent/force-leave/pi-2").status == 200);
  CHECK(registry.nodes().size() == 2);
  REQUIRE(registry.setHealth(registry::test::idOf(2), registry::Health::Critical, "silent"));
  CHECK(place.put("/v1/agent/force-leave/pi-2").status == 200);
  CHECK(registry.nodes().size() == 1);
}

TEST_CASE("agent api: metrics for people and for Prometheus") {
  const Place place;
  CHECK(has(place.get("/v1/agent/metrics"), R"("Name":"consul.state.nodes","Value":1)"));
  const auto text = place.get("/v1/agent/metrics?format=prometheus");
  CHECK(text.contentType == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(has(text, "\nconsul_state_nodes 1\n"));
  CHECK_FALSE(has(text, "\nconsul_runtime_alloc_bytes 0\n"));
}

TEST_CASE("agent api: the log can be watched") {
  const Place place;
  refused(place.get("/v1/agent/monitor?loglevel=bad"), 400, "Bad request: Unknown log level: bad");
  const auto watched = place.get("/v1/agent/monitor?loglevel=debug");
  REQUIRE(watched.stream);
  CHECK(place
            .put("/v1/agent/check/register",
                 R"({"Name":"dead","TCP":"127.0.0.1","Interval":"1s","Status":"passing"})")
            .status == 200);
  std::string seen;
  CHECK(test::eventually([&] {
    std::string piece;
    CHECK(watched.stream(piece));
    seen += piece;
    return seen.find(" [INFO]  agent: check dead is critical: ") != std::string::npos;
  }));
}

TEST_CASE("agent api: who may not write is told so") {
  const Place place;
  auto request = registry::test::requestOf("PUT", "/v1/agent/service/register", R"({"Name":"x"})");
  request.peer = registry::test::address("10.0.0.9");
  request.local = registry::test::address("10.0.0.1");
  CHECK(place.router->route(request).status == 403);
  CHECK(place.get("/v1/agent/services").body == "{}");
}

}  // namespace cluster_lab::agent

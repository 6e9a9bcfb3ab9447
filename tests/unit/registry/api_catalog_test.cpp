// Services and checks in the catalog and in health, compared with the answers of Consul 1.8.7.
#include <doctest/doctest.h>

#include "fixture.hpp"

namespace cluster_lab::registry {

using test::headerOf;
using test::LeadingRegistry;
using test::nodeOf;

namespace {

constexpr const char* kWeb =
    R"({"Node":"ext1","Address":"10.0.0.9","NodeMeta":{"a":"b"},"Service":{"Service":"web",)"
    R"("Tags":["v1","x"],"Port":80,"Meta":{"m":"1"}},"Check":{"Name":"c1","Status":"passing",)"
    R"("ServiceID":"web"}})";

struct Catalog : LeadingRegistry {
  Catalog() { registry->registerNode(nodeOf(1, Role::Leading)).value(); }

  http::Response put(const std::string& body) const {
    return ask("PUT", "/v1/catalog/register", body);
  }
  http::Response remove(const std::string& body) const {
    return ask("PUT", "/v1/catalog/deregister", body);
  }
  std::string body(const std::string& target) const { return get(target).body; }
};

/// A node "pi-N" without an id, with one instance of "web" and a check of it.
std::string instance(int number, const std::string& status) {
  const auto n = std::to_string(number);
  return R"({"Node":"ext)" + n + R"(","Address":"10.0.0.)" + n + R"(","Service":{"ID":"web-)" + n +
         R"(","Service":"web"},"Check":{"Name":"c","Status":")" + status +
         R"(","ServiceID":"web-)" + n + "\"}}";
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("catalog: a service that a client registered is shown as Consul shows it") {
  const Catalog catalog;
  CHECK(catalog.put(kWeb).body == "true");
  CHECK(
      catalog.body("/v1/catalog/service/web") ==
      R"([{"ID":"","Node":"ext1","Address":"10.0.0.9","Datacenter":"dc1","TaggedAddresses":null,)"
      R"("NodeMeta":{"a":"b"},"ServiceKind":"","ServiceID":"web","ServiceName":"web",)"
      R"("ServiceTags":["v1","x"],"ServiceAddress":"","ServiceWeights":{"Passing":1,"Warning":1},)"
      R"("ServiceMeta":{"m":"1"},"ServicePort":80,"ServiceEnableTagOverride":false,)"
      R"("ServiceProxy":{"MeshGateway":{},"Expose":{}},"ServiceConnect":{},"CreateIndex":2,)"
      R"("ModifyIndex":2}])");
  CHECK(
      catalog.body("/v1/health/service/web") ==
      R"([{"Node":{"ID":"","Node":"ext1","Address":"10.0.0.9","Datacenter":"dc1",)"
      R"("TaggedAddresses":null,"Meta":{"a":"b"},"CreateIndex":2,"ModifyIndex":2},"Service":{)"
      R"("ID":"web","Service":"web","Tags":["v1","x"],"Address":"","Meta":{"m":"1"},"Port":80,)"
      R"("Weights":{"Passing":1,"Warning":1},"EnableTagOverride":false,"Proxy":{"MeshGateway":{},)"
      R"("Expose":{}},"Connect":{},"CreateIndex":2,"ModifyIndex":2},"Checks":[{"Node":"ext1",)"
      R"("CheckID":"c1","Name":"c1","Status":"passing","Notes":"","Output":"","ServiceID":"web",)"
      R"("ServiceName":"web","ServiceTags":["v1","x"],"Type":"","Definition":{},"CreateIndex":2,)"
      R"("ModifyIndex":2}]}])");
  CHECK(catalog.body("/v1/catalog/services") == R"({"cluster-lab":["leader"],"web":["v1","x"]})");
}

TEST_CASE("catalog: what a client gave of addresses, weights and definitions comes back") {
  const Catalog catalog;
  catalog.put(
      R"({"node":"ext2","address":"h.example","TaggedAddresses":{"lan":"1.1.1.1"},"Service":{)"
      R"("ID":"db1","Service":"db","Tags":null,"Address":"10.1.1.1","Port":5432,"TaggedAddresses":)"
      R"({"lan":{"Address":"10.1.1.2","Port":1}},"Weights":{"Passing":10,"Warning":1},)"
      R"("EnableTagOverride":true},"Checks":[{"CheckID":"svc:db","Name":"x","ServiceID":"db1",)"
      R"("Definition":{"HTTP":"http://a/b","Interval":"10s"}}]})");
  const auto shown = catalog.body("/v1/health/service/db");
  CHECK(holds(
      shown,
      R"("Address":"h.example","Datacenter":"dc1","TaggedAddresses":{"lan":"1.1.1.1"},"Meta":null)"));
  CHECK(holds(
      shown,
      R"("Tags":[],"Address":"10.1.1.1","TaggedAddresses":{"lan":{"Address":"10.1.1.2","Port":1}},"Meta":null,"Port":5432,"Weights":{"Passing":10,"Warning":1},"EnableTagOverride":true)"));
  CHECK(holds(shown, R"("Status":"critical")"));
  CHECK(holds(shown, R"("Type":"http","Definition":{"HTTP":"http://a/b","Interval":"10s"})"));
}

TEST_CASE("catalog: a member's own row stays its agent's, a service on it is added") {
  const Catalog catalog;
  const auto before = catalog.body("/v1/catalog/nodes");
  CHECK(
      catalog.put(R"({"Node":"pi-1","Address":"9.9.9.9","Service":{"Service":"extra"}})").status ==
      200);
  CHECK(catalog.body("/v1/catalog/nodes") == before);
  CHECK(holds(catalog.body("/v1/catalog/node/pi-1"), R"("extra":{"ID":"extra")"));
  CHECK(holds(catalog.body("/v1/catalog/node-services/pi-1"), R"({"ID":"extra")"));
}

TEST_CASE("catalog: what does not fit together is refused in Consul's words") {
  const Catalog catalog;
  const auto refusal = [&](const char* body) { return catalog.put(body).body; };
  CHECK(refusal("") == "Request decode failed: EOF");
  CHECK(refusal("{}") == "Must provide node");
  CHECK(refusal(R"({"Node":"a"})") == "Must provide address if SkipNodeUpdate is not set");
  CHECK(refusal(R"({"Node":"a","Address":"1.2.3.4","Service":{"ID":"x"}})") ==
        "Must provide service name with ID");
  CHECK(refusal(R"({"Node":"a","Address":"1.2.3.4","Check":{"Name":"x","Node":"b"}})") ==
        "check node \"b\" does not match node \"a\"");
  CHECK(refusal(R"({"Node":"a","Address":"1.2.3.4","Check":{"Name":"x","ServiceID":"n"}})") ==
        "failed inserting check: Missing service registration on node \"a\"");
  CHECK(refusal(R"({"Node":"a","Address":"1.2.3.4","Datacenter":"other"})") ==
        "No path to datacenter");
  CHECK(catalog.put(R"({"Node":"a","Address":"1.2.3.4","ID":"bad"})").status == 500);
  CHECK(catalog.put(R"({"Node":"a","Address":"1.2.3.4","Service":{"Service":"s","Port":70000}})")
            .status == 400);
  CHECK_FALSE(holds(catalog.body("/v1/catalog/nodes"), "1.2.3.4"));
}

TEST_CASE("catalog: an id makes a node the same one under another name") {
  const Catalog catalog;
  const std::string id = R"("ID":"00000000-0000-0000-0000-000000000007")";
  catalog.put(R"({"Node":"a","Address":"1.2.3.4",)" + id + "}");
  catalog.put(R"({"Node":"b","Address":"1.2.3.4",)" + id + "}");
  CHECK(catalog.body("/v1/catalog/node/a") == "null");
  CHECK(holds(catalog.body("/v1/catalog/node/b"), id));
  const auto taken = catalog.put(
      R"({"Node":"b","Address":"1.2.3.4","ID":"00000000-0000-0000-0000-000000000008"})");
  CHECK(taken.status == 500);
  CHECK(taken.body ==
        "node name b is reserved by node 00000000-0000-0000-0000-000000000007 with name b");
  CHECK(catalog.put(R"({"Node":"b","Address":"1.2.3.5"})").status == 200);
  CHECK(holds(catalog.body("/v1/catalog/node/b"), id));
}

TEST_CASE("catalog: deregistering takes a service, a check or the whole node") {
  const Catalog catalog;
  catalog.put(kWeb);
  CHECK(catalog.remove(R"({"Node":"ext1","CheckID":"c1"})").body == "true");
  CHECK(catalog.body("/v1/health/checks/web") == "[]");
  CHECK(catalog.remove(R"({"Node":"ext1","ServiceID":"web"})").body == "true");
  CHECK(catalog.body("/v1/catalog/services") == R"({"cluster-lab":["leader"]})");
  CHECK(catalog.remove(R"({"Node":"ext1"})").body == "true");
  CHECK(catalog.body("/v1/catalog/node/ext1") == "null");
  CHECK(catalog.remove(R"({"Node":"ext1"})").body == "true");
  CHECK(catalog.remove("{}").body == "Must provide node");
}

TEST_CASE("catalog: instances are chosen by tag, node meta and filter") {
  const Catalog catalog;
  catalog.put(kWeb);
  for (const auto* yes : {"tag=V1", "tag=v1&tag=x", "node-meta=a:b", "near=_agent"}) {
    INFO(yes);
    CHECK(holds(catalog.body(std::string("/v1/catalog/service/web?") + yes), "ext1"));
  }
  CHECK(catalog.body("/v1/catalog/service/web?tag=v1&tag=y") == "[]");
  CHECK(catalog.body("/v1/catalog/service/web?node-meta=a:c") == "[]");
  CHECK(holds(catalog.body("/v1/catalog/service/WEB"), "ext1"));
  auto filtered = test::requestOf("GET", "/v1/health/service/web");
  filtered.query.emplace("filter", "Service.Port == 81");
  CHECK(catalog.router.route(filtered).body == "[]");
  filtered.query.clear();
  filtered.query.emplace("filter", "Xeta == b");
  CHECK(catalog.router.route(filtered).status == 500);
  CHECK(catalog.router.route(filtered).body ==
        "Failed to create boolean expression evaluator: Selector \"Xeta\" is not valid");
  for (const auto* path : {"/v1/catalog/node/ext1", "/v1/catalog/node-services/ext1"}) {
    INFO(path);
    auto services = test::requestOf("GET", path);
    services.query.emplace("filter", "Service == web");
    CHECK(holds(catalog.router.route(services).body, "web"));
    services.query.clear();
    services.query.emplace("filter", "Service == none");
    CHECK_FALSE(holds(catalog.router.route(services).body, "web"));
    CHECK(holds(catalog.router.route(services).body, "ext1"));
  }
}

TEST_CASE("health: ?passing leaves out what is not passing, on its node either") {
  const Catalog catalog;
  catalog.put(instance(1, "passing"));
  catalog.put(instance(2, "warning"));
  catalog.put(instance(3, "critical"));
  const auto passing = catalog.body("/v1/health/service/web?passing");
  CHECK(holds(passing, "ext1"));
  CHECK_FALSE(holds(passing, "ext2"));
  CHECK_FALSE(holds(passing, "ext3"));
  CHECK(holds(catalog.body("/v1/health/service/web?passing=false"), "ext3"));
  CHECK(catalog.get("/v1/health/service/web?passing=x").status == 400);
  CHECK(holds(catalog.body("/v1/health/state/critical"), "ext3"));
  CHECK_FALSE(holds(catalog.body("/v1/health/state/critical"), "ext1"));

  catalog.put(
      R"({"Node":"ext1","Address":"10.0.0.1","Check":{"Name":"disk","Status":"critical"}})");
  CHECK(catalog.body("/v1/health/service/web?passing") == "[]");
}

TEST_CASE("health: a question for one service is not woken by another's change") {
  const Catalog catalog;
  catalog.put(kWeb);
  const auto indexOf = [&](const char* target) {
    return headerOf(catalog.get(target), "X-Consul-Index");
  };
  const auto before = indexOf("/v1/health/service/web");
  catalog.put(R"({"Node":"ext9","Address":"1.1.1.1","Service":{"Service":"db"}})");
  CHECK(indexOf("/v1/health/service/web") == before);
  CHECK(indexOf("/v1/health/service/db") != before);
  catalog.put(R"({"Node":"ext1","Address":"10.0.0.9","Check":{"Name":"disk","Status":"passing"}})");
  CHECK(indexOf("/v1/health/service/web") != before);
}

TEST_CASE("catalog: a member's silence makes its instances fail") {
  const Catalog catalog;
  catalog.put(R"({"Node":"pi-1","Address":"1.1.1.1","Service":{"Service":"on-pi"}})");
  CHECK(holds(catalog.body("/v1/health/service/on-pi?passing"), "pi-1"));
  catalog.registry->setHealth(test::idOf(1), Health::Critical, "silent").value();
  CHECK(catalog.body("/v1/health/service/on-pi?passing") == "[]");
}

TEST_CASE("operator: the members are the servers, an external node is none") {
  const Catalog catalog;
  catalog.put(kWeb);
  const auto health = catalog.get("/v1/operator/autopilot/health");
  CHECK(health.status == 200);
  CHECK(holds(health.body, R"("Healthy":true,"FailureTolerance":0)"));
  CHECK(holds(health.body, R"("Name":"pi-1")"));
  CHECK_FALSE(holds(health.body, "ext1"));
  CHECK(holds(catalog.body("/v1/operator/raft/configuration"), R"("Leader":true)"));
  CHECK(
      holds(catalog.body("/v1/operator/autopilot/configuration"), R"("CleanupDeadServers":true)"));
  catalog.registry->setHealth(test::idOf(1), Health::Critical, "silent").value();
  CHECK(catalog.get("/v1/operator/autopilot/health").status == 429);
}

TEST_CASE("coordinates are zero, for members only") {
  const Catalog catalog;
  CHECK(
      catalog.body("/v1/coordinate/node/pi-1") ==
      R"([{"Node":"pi-1","Segment":"","Coord":{"Vec":[0,0,0,0,0,0,0,0],"Error":0,"Adjustment":0,"Height":0}}])");
  CHECK(catalog.get("/v1/coordinate/node/none").status == 404);
  CHECK(holds(catalog.body("/v1/coordinate/datacenters"), "\"Node\":\"pi-1\""));
}

TEST_CASE("what Consul has and this registry not is told as Consul without it tells") {
  const Catalog catalog;
  CHECK(catalog.get("/v1/acl/tokens").status == 401);
  CHECK(catalog.body("/v1/acl/tokens") == "ACL support disabled");
  CHECK(catalog.body("/v1/connect/ca/roots") ==
        "Connect must be enabled in order to use this endpoint");
  CHECK(catalog.body("/v1/connect/intentions") == "[]");
  CHECK(catalog.body("/v1/catalog/connect/web") == "[]");
  CHECK(catalog.body("/v1/query") == "[]");
  CHECK(catalog.ask("PUT", "/v1/config", "{}").status == 501);
}

}  // namespace cluster_lab::registry

// What the page shows at a glance; services as Consul 1.8.7 sums them up.
#include <doctest/doctest.h>

#include "fixture.hpp"

namespace cluster_lab::registry {

using test::headerOf;
using test::LeadingRegistry;

namespace {

struct Overview : LeadingRegistry {
  Overview() {
    for (
        const auto* body :
        {R"({"Node":"ext1","Address":"10.0.0.1","Service":{"ID":"o1","Service":"ovw","Tags":["v2",)"
         R"("v1"]},"Check":{"Name":"c","Status":"passing","ServiceID":"o1"}})",
         R"({"Node":"ext1","Address":"10.0.0.1","Service":{"ID":"o2","Service":"ovw"},"Checks":[{)"
         R"("CheckID":"n","Name":"n","Status":"warning"}]})",
         R"({"Node":"ext0","Address":"10.0.0.2","Service":{"Service":"ovw"},"Check":{"Name":"d",)"
         R"("Status":"critical","ServiceID":"ovw"}})",
         R"({"Node":"ext0","Address":"10.0.0.2","Service":{"Service":"ovw-bare"}})"}) {
      REQUIRE(ask("PUT", "/v1/catalog/register", body).status == 200);
    }
  }
};

}  // namespace

TEST_CASE(
    "overview: a service counts its instances and the checks of each, those of its node too") {
  const Overview overview;
  const auto answer = overview.get("/v1/internal/ui/services");
  CHECK(answer.body ==
        R"([{"Name":"ovw","Tags":["v1","v2"],"Nodes":["ext0","ext1","ext1"],"InstanceCount":3,)"
        R"("ChecksPassing":1,"ChecksWarning":2,"ChecksCritical":1,"ExternalSources":null,)"
        R"("GatewayConfig":{}},{"Name":"ovw-bare","Tags":null,"Nodes":["ext0"],"InstanceCount":1,)"
        R"("ChecksPassing":0,"ChecksWarning":0,"ChecksCritical":0,"ExternalSources":null,)"
        R"("GatewayConfig":{}}])");
  CHECK(headerOf(answer, "X-Consul-Index") == "4");
}

TEST_CASE("overview: a lock is listed as long as it is held, without the key's value") {
  const LeadingRegistry registry;
  registry.registry->registerNode(test::nodeOf(1, Role::Leading)).value();
  const auto created = registry.ask("PUT", "/v1/session/create", R"({"LockDelay":"0s"})").body;
  const auto id = created.substr(7, 36);  // {"ID":"..."}
  CHECK(registry.ask("PUT", "/v1/kv/free", "x").body == "true");
  CHECK(registry.ask("PUT", "/v1/kv/job/lock?acquire=" + id, "me").body == "true");
  CHECK(registry.get("/cluster/v1/locks").body ==
        R"([{"key":"job/lock","session":")" + id + "\"}]");
  CHECK(registry.ask("PUT", "/v1/session/destroy/" + id).body == "true");
  CHECK(registry.get("/cluster/v1/locks").body == "[]");
}

TEST_CASE("overview: without a service or a lock the lists are empty") {
  const LeadingRegistry registry;
  CHECK(registry.get("/v1/internal/ui/services").body == "[]");
  CHECK(registry.get("/cluster/v1/locks").body == "[]");
}

}  // namespace cluster_lab::registry

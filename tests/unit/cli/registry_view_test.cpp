#include "cli/registry_view.hpp"

#include <doctest/doctest.h>

#include "cli/registry_text.hpp"
#include "cli/snapshot_view.hpp"

// The answers are those of Consul 1.8.7, shortened.
namespace cluster_lab::cli {
namespace {

constexpr const char* kServices =
    R"([{"Name":"db","Tags":null,"Nodes":["pi-2"],"InstanceCount":1,"ChecksPassing":1,)"
    R"("ChecksWarning":0,"ChecksCritical":0,"ExternalSources":null,"GatewayConfig":{}},)"
    R"({"Name":"web","Tags":["prod","v1"],"Nodes":["pi-1","pi-1"],"InstanceCount":2,)"
    R"("ChecksPassing":3,"ChecksWarning":0,"ChecksCritical":1}])";

constexpr const char* kInstances =
    R"([{"Node":{"Node":"pi-1","Address":"192.168.200.101"},)"
    R"("Service":{"ID":"web-2","Service":"web","Tags":["v1"],"Address":"","Port":8081},)"
    R"("Checks":[{"Name":"Serf Health Status","Status":"passing","Output":"Agent alive"},)"
    R"({"Name":"port","Status":"critical","Output":"connection refused\n"}]},)"
    R"({"Node":{"Node":"pi-2","Address":"192.168.200.102"},)"
    R"("Service":{"ID":"web","Service":"web","Tags":[],"Address":"10.0.0.9","Port":0},"Checks":[]}])";

}  // namespace

TEST_CASE("registry view: a service is as healthy as its worst check") {
  const auto services = parseServices(kServices);
  REQUIRE(services);
  CHECK(services->at(0).health() == "passing");
  CHECK(services->at(1).health() == "critical");
  CHECK(renderServices(*services, Style(false)) ==
        "NAME  HEALTH    INSTANCES  CHECKS                 TAGS\n"
        "db    passing   1          1 passing\n"
        "web   critical  2          3 passing, 1 critical  prod, v1\n");
  CHECK(renderServices({}, Style(false)) == "No service is registered.\n");
}

TEST_CASE(
    "registry view: an instance without an address has its node's, and its complaints are told") {
  const auto instances = parseInstances(kInstances);
  REQUIRE(instances);
  CHECK(renderInstances(*instances, Style(false)) ==
        "NODE  ID     ADDRESS               HEALTH    TAGS\n"
        "pi-1  web-2  192.168.200.101:8081  critical  v1\n"
        "pi-2  web    10.0.0.9              passing\n"
        "\n"
        "  web-2 on pi-1: port is critical: connection refused?\n");
}

TEST_CASE("registry view: a member's status is told in serf's words") {
  const auto members = parseMembers(
      R"([{"Name":"pi-1","Addr":"192.168.200.101","Status":1,"Tags":{"build":"1.8.7:"}},)"
      R"({"Name":"pi-2","Addr":"192.168.200.102","Status":4,"Tags":{}},{"Name":"x","Status":99}])");
  REQUIRE(members);
  CHECK(members->at(0).status == "alive");
  CHECK(members->at(1).status == "failed");
  CHECK(members->at(2).status == "none");
  CHECK(
      renderMembers(*members, Style(false)).starts_with("NAME  ADDRESS          STATUS  BUILD\n"));
}

TEST_CASE("registry view: payloads and values are bytes, and cannot steer a terminal") {
  const auto events = parseEvents(
      R"([{"ID":"da92","Name":"deploy","Payload":"G1szMW0="},{"ID":"b","Name":"n","Payload":null}])");
  REQUIRE(events);
  CHECK(events->at(0).payload == "\033[31m");
  CHECK(events->at(1).payload.empty());
  CHECK(renderEvents(*events, Style(false)).find("da92  deploy  ?[31m") != std::string::npos);
  const auto keys =
      parseKeys(R"([{"Key":"a\u001b/b","Value":"aGVsbG8="},{"Key":"e","Value":null}])");
  REQUIRE(keys);
  CHECK(renderKeys(*keys, Style(false)) == "a?/b: hello\ne: \n");
}

TEST_CASE("registry view: a moment before the clock was set has no time") {
  const auto moments = parseTimeline(
      R"([{"id":1,"time":0,"kind":"leads","node":"pi-1","text":"pi-1 leads: nobody else"},)"
      R"({"id":2,"time":1790000000,"kind":"joined","node":"pi-2","text":"pi-2 joined"}])");
  REQUIRE(moments);
  const auto text = renderTimeline(*moments, Style(false),
                                   [](std::int64_t time) { return std::to_string(time); });
  CHECK(text ==
        "clock not set  leads   pi-1 leads: nobody else\n"
        "1790000000     joined  pi-2 joined\n");
}

TEST_CASE("registry view: what is exported is imported as it was") {
  const auto document = exportOf(
      R"([{"LockIndex":0,"Key":"a/b","Flags":18446744073709551615,"Value":"AGE=","CreateIndex":8,)"
      R"("ModifyIndex":9},{"Key":"empty","Flags":0,"Value":null}])");
  REQUIRE(document);
  const auto keys = parseExport(*document);
  REQUIRE(keys);
  REQUIRE(keys->size() == 2);
  CHECK(keys->at(0).key == "a/b");
  CHECK(keys->at(0).flags == 18446744073709551615U);
  CHECK(keys->at(0).value == std::string("\0a", 2));
  CHECK(keys->at(1).value.empty());
}

TEST_CASE("registry view: a document that is no export is refused, naming the key") {
  for (const auto* wrong : {"", "{}", "[1]", R"([{"key":"","value":""}])", R"([{"key":"a"}])"}) {
    const auto keys = parseExport(wrong);
    REQUIRE_FALSE(keys);
    CHECK(keys.error().code == ErrorCode::InvalidArgument);
  }
  const auto keys = parseExport(R"([{"key":"q","value":"!!"}])");
  REQUIRE_FALSE(keys);
  CHECK(keys.error().message.find("'q'") != std::string::npos);
}

TEST_CASE("registry view: an answer that is something else is corrupt, and does not throw") {
  for (const auto* wrong : {"", "null", "{}", "<html>"}) {
    CHECK_FALSE(parseServices(wrong));
    CHECK_FALSE(parseInstances(wrong));
    CHECK_FALSE(parseMembers(wrong));
    CHECK_FALSE(parseEvents(wrong));
    CHECK_FALSE(parseTimeline(wrong));
    CHECK_FALSE(parseKeys(wrong));
    CHECK_FALSE(parseKeyNames(wrong));
    CHECK_FALSE(exportOf(wrong));
    CHECK_FALSE(parseSnapshot(wrong));
  }
  CHECK(parseServices("[1, null, {\"Name\": 7}]"));
  CHECK(exportOf("[1]"));
}

}  // namespace cluster_lab::cli

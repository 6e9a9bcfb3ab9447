#include "agent/agent_json.hpp"

#include <doctest/doctest.h>

#include "agent/definition_json.hpp"

using namespace std::chrono_literals;

// The texts are Consul 1.8.7's, letter by letter.
namespace cluster_lab::agent {
namespace {

using registry::Health;
using registry::JsonWriter;

const TimePoint kStart{};

LocalServices servicesOf(const std::string& registration) {
  LocalServices local([](Duration) { return 0s; });
  local.putService(kStart, parseServiceRegistration(registration).value(), false);
  return local;
}

std::string textOf(const std::function<void(JsonWriter&)>& write) {
  JsonWriter json;
  write(json);
  return json.finish();
}

}  // namespace

TEST_CASE("agent json: a service as Consul shows it") {
  const auto plain = servicesOf(R"({"Name":"web"})");
  CHECK(textOf([&](JsonWriter& json) { writeService(json, plain.services().at("web")); }) ==
        R"({"ID":"web","Service":"web","Tags":[],"Meta":{},"Port":0,"Address":"",)"
        R"("Weights":{"Passing":1,"Warning":1},"EnableTagOverride":false})");
  const auto full = servicesOf(R"({"ID":"w2","Name":"web","Tags":["a","b"],"Address":"1.2.3.4",
      "Port":80,"Meta":{"k":"v"},"EnableTagOverride":true,"Weights":{"Passing":10,"Warning":1},
      "TaggedAddresses":{"lan":{"Address":"1.2.3.4","Port":80}}})");
  CHECK(textOf([&](JsonWriter& json) { writeService(json, full.services().at("w2")); }) ==
        R"({"ID":"w2","Service":"web","Tags":["a","b"],"Meta":{"k":"v"},"Port":80,)"
        R"("Address":"1.2.3.4","TaggedAddresses":{"lan":{"Address":"1.2.3.4","Port":80},)"
        R"("lan_ipv4":{"Address":"1.2.3.4","Port":80},"wan_ipv4":{"Address":"1.2.3.4","Port":80}},)"
        R"("Weights":{"Passing":10,"Warning":1},"EnableTagOverride":true})");
}

TEST_CASE("agent json: the content hash is another for another service") {
  const auto one = servicesOf(R"({"Name":"web"})");
  const auto other = servicesOf(R"({"Name":"web","Port":1})");
  CHECK(contentHash(one.services().at("web")) == contentHash(one.services().at("web")));
  CHECK(contentHash(one.services().at("web")) != contentHash(other.services().at("web")));
}

TEST_CASE("agent json: a check as Consul shows it") {
  const auto local = servicesOf(R"({"ID":"w3","Name":"web","Check":{"TTL":"10s"}})");
  CHECK(textOf([&](JsonWriter& json) {
          writeCheck(json, local.checks().at("service:w3"), "n1", &local.services().at("w3"));
        }) ==
        R"({"Node":"n1","CheckID":"service:w3","Name":"Service 'web' check","Status":"critical",)"
        R"("Notes":"","Output":"","ServiceID":"w3","ServiceName":"web","ServiceTags":[],)"
        R"("Type":"ttl","Definition":{},"CreateIndex":0,"ModifyIndex":0})");
}

TEST_CASE("agent json: a service's health is the worst of its checks and its node's") {
  auto local = servicesOf(R"({"Name":"web","Check":{"TTL":"1m","Status":"passing"}})");
  CHECK(aggregatedStatus(local, "web") == "passing");
  CHECK(local.report(kStart, "service:web", {Health::Warning, ""}));
  CHECK(aggregatedStatus(local, "web") == "warning");
  CHECK(local.putCheck(kStart, parseCheckRegistration(R"({"Name":"disk","TTL":"1m"})").value()));
  CHECK(aggregatedStatus(local, "web") == "critical");
  local.setNodeMaintenance(kStart, true, "");
  CHECK(aggregatedStatus(local, "web") == "maintenance");
  CHECK(healthCode("passing") == 200);
  CHECK(healthCode("warning") == 429);
  CHECK(healthCode("critical") == 503);
  CHECK(healthCode("maintenance") == 503);
}

TEST_CASE("agent json: a service's health shows the service and its checks") {
  const auto local = servicesOf(R"({"Name":"web","Check":{"TTL":"10s"}})");
  CHECK(
      textOf([&](JsonWriter& json) {
        writeServiceHealth(json, local, local.services().at("web"), "n1");
      }) ==
      R"({"AggregatedStatus":"critical","Service":{"ID":"web","Service":"web","Tags":[],"Meta":{},)"
      R"("Port":0,"Address":"","Weights":{"Passing":1,"Warning":1},"EnableTagOverride":false},)"
      R"("Checks":[{"Node":"n1","CheckID":"service:web","Name":"Service 'web' check",)"
      R"("Status":"critical","Notes":"","Output":"","ServiceID":"web","ServiceName":"web",)"
      R"("ServiceTags":null,"Type":"","Definition":{"Interval":"0s","Timeout":"0s",)"
      R"("DeregisterCriticalServiceAfter":"0s","HTTP":"","Header":null,"Method":"","Body":"",)"
      R"("TLSSkipVerify":false,"TCP":""},"CreateIndex":0,"ModifyIndex":0}]})");
}

}  // namespace cluster_lab::agent

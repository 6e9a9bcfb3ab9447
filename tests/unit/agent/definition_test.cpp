#include <doctest/doctest.h>

#include "agent/definition_json.hpp"
#include "agent/member_names.hpp"

using namespace std::chrono_literals;

// What is refused, and with which words, was seen with Consul 1.8.7.
namespace cluster_lab::agent {
namespace {

using registry::Health;

std::string serviceFault(const std::string& body) {
  const auto parsed = parseServiceRegistration(body);
  return parsed ? "" : parsed.error().message;
}

std::string checkFault(const std::string& check) {
  return serviceFault(R"({"Name":"web","Check":)" + check + "}");
}

}  // namespace

TEST_CASE("definition: a service with a name has what Consul gives it") {
  const auto parsed = parseServiceRegistration(R"({"Name":"web"})").value();
  CHECK(parsed.service.id == "web");
  CHECK(parsed.service.passingWeight == 1);
  CHECK(parsed.service.warningWeight == 1);
  CHECK(parsed.service.taggedAddresses.empty());
  CHECK(parsed.checks.empty());
}

TEST_CASE("definition: an IP address is shown as a tagged address, too") {
  const auto v4 = parseServiceRegistration(R"({"Name":"a","Address":"1.2.3.4","Port":80})").value();
  CHECK(v4.service.taggedAddresses.at("lan_ipv4").port == 80);
  CHECK(v4.service.taggedAddresses.contains("wan_ipv4"));
  const auto v6 = parseServiceRegistration(R"({"Name":"a","Address":"::1"})").value();
  CHECK(v6.service.taggedAddresses.contains("lan_ipv6"));
  const auto name = parseServiceRegistration(R"({"Name":"a","Address":"my.host"})").value();
  CHECK(name.service.taggedAddresses.empty());
}

TEST_CASE("definition: members are understood in both spellings and any case") {
  const auto parsed = parseServiceRegistration(R"({"id":"w3","name":"web","tags":null,"port":80,
      "enable_tag_override":true,"tagged_addresses":{"lan":{"address":"1.2.3.4","port":81}},
      "check":{"deregister_critical_service_after":"90m","ttl":"10s","tls_skip_verify":true}})")
                          .value();
  CHECK(parsed.service.id == "w3");
  CHECK(parsed.service.enableTagOverride);
  CHECK(parsed.service.taggedAddresses.at("lan").port == 81);
  REQUIRE(parsed.checks.size() == 1);
  CHECK(parsed.checks[0].deregisterAfter == 90min);
  CHECK(parsed.checks[0].tlsSkipVerify);
}

TEST_CASE("definition: snake case is made as Consul's names are") {
  CHECK(snakeCase("DeregisterCriticalServiceAfter") == "deregister_critical_service_after");
  CHECK(snakeCase("TLSSkipVerify") == "tls_skip_verify");
  CHECK(snakeCase("ServiceID") == "service_id");
  CHECK(snakeCase("HTTP") == "http");
}

TEST_CASE("definition: what Consul refuses of a service is refused in its words") {
  CHECK(serviceFault("") == "Request decode failed: EOF");
  CHECK(serviceFault("{}") == "Missing service name");
  CHECK(serviceFault(R"({"Name":"a","Port":"80"})") ==
        "Request decode failed: json: cannot unmarshal string into Go struct field .Port of type "
        "int");
  CHECK(serviceFault(R"({"Name":"a","Nonsense":"x"})") ==
        "Request decode failed: json: unknown field \"Nonsense\"");
  CHECK(serviceFault(R"({"Name":"a","Address":"0.0.0.0"})") == "Invalid service address");
  CHECK(serviceFault(R"({"Name":"a","Address":"::"})") == "Invalid service address");
  CHECK(serviceFault(R"({"Name":"a","Weights":{"Passing":0}})") ==
        "Invalid Weights: Passing must be greater than 0");
  CHECK(serviceFault(R"({"Name":"a","Weights":{"Passing":1,"Warning":70000}})") ==
        "Invalid Weights: DNS Weight must be between 0 and 65535");
  CHECK(serviceFault(R"({"Name":"a","Meta":{"a b":"1"}})") ==
        "Invalid Service Meta: Couldn't load metadata pair ('a b', '1'): Key contains invalid "
        "characters");
  CHECK(serviceFault(R"({"Name":"a","Meta":{"consul-x":"1"}})") ==
        "Invalid Service Meta: Couldn't load metadata pair ('consul-x', '1'): Key prefix 'consul-' "
        "is reserved for internal use");
  CHECK(serviceFault(R"({"Name":"a","Port":70000})") != "");
  CHECK(serviceFault(R"({"Name":"a","Kind":"connect-proxy"})") != "");
  CHECK(serviceFault(R"({"Name":"a","Connect":{"SidecarService":{}}})") != "");
  CHECK(serviceFault(R"({"Name":"a","Connect":null,"Proxy":null,"Namespace":""})") == "");
}

TEST_CASE("definition: what Consul refuses of a check is refused in its words") {
  CHECK(checkFault("{}") == "");
  CHECK(checkFault(R"({"TTL":"x"})") == "Request decode failed: time: invalid duration \"x\"");
  CHECK(checkFault(R"({"TTL":"10"})") ==
        "Request decode failed: time: missing unit in duration \"10\"");
  CHECK(checkFault(R"({"TTL":"1x"})") ==
        "Request decode failed: time: unknown unit \"x\" in duration \"1x\"");
  CHECK(checkFault(R"({"TTL":"-10s"})") == "Invalid check: TTL must be > 0 for TTL checks");
  CHECK(checkFault(R"({"Interval":"1s"})") == "Invalid check: TTL must be > 0 for TTL checks");
  CHECK(checkFault(R"({"HTTP":"http://x"})") ==
        "Invalid check: Interval must be > 0 for Script, HTTP, or TCP checks");
  CHECK(checkFault(R"({"TTL":"10s","HTTP":"http://x","Interval":"10s"})") ==
        "Invalid check: Interval and TTL cannot both be specified");
  CHECK(checkFault(R"({"AliasService":"a","TTL":"1s"})") ==
        "Invalid check: TTL must be not be set for Alias checks");
  CHECK(checkFault(R"({"TTL":"10s","Status":"foo"})") ==
        "Status for checks must 'passing', 'warning', 'critical'");
  CHECK(checkFault(R"({"TTL":"10s","OutputMaxSize":-1})") ==
        "Invalid check: MaxOutputMaxSize must be positive");
  CHECK(checkFault(R"({"TTL":"10s","nope":1})") ==
        "Request decode failed: json: unknown field \"nope\"");
  CHECK(checkFault(R"({"TTL":10})") == "");
}

TEST_CASE("definition: kinds of checks that are not done here are refused by name") {
  for (const auto& [check, kind] :
       {std::pair(R"({"GRPC":"a:1","Interval":"1s"})", "gRPC"),
        std::pair(R"({"H2PING":"a:1","Interval":"1s"})", "H2PING"),
        std::pair(R"({"DockerContainerID":"a","Args":["x"],"Interval":"1s"})", "Docker")}) {
    CHECK(checkFault(check).starts_with(std::string("Invalid check: ") + kind +
                                        " checks are not supported by Cluster Lab"));
  }
  CHECK(checkFault(R"({"GRPC":"","TTL":"1s"})") == "");
}

TEST_CASE("definition: the checks of a service get Consul's ids and names") {
  const auto parsed = parseServiceRegistration(R"({"Name":"w","Check":{"TTL":"3m"},
      "Checks":[{"TTL":"1m"},{"TTL":"1m","Name":"second","CheckID":"mine"},
                {"TTL":"1m","Status":"passing"}]})")
                          .value();
  REQUIRE(parsed.checks.size() == 4);
  CHECK(parsed.checks[0].id == "service:w:1");
  CHECK(parsed.checks[0].ttl == 3min);
  CHECK(parsed.checks[1].id == "service:w:2");
  CHECK(parsed.checks[2].id == "mine");
  CHECK(parsed.checks[2].name == "second");
  CHECK(parsed.checks[3].id == "service:w:4");
  CHECK(parsed.checks[3].name == "Service 'w' check");
  CHECK((parsed.checks[3].status == Health::Passing));
  CHECK(parseServiceRegistration(R"({"Name":"w","Check":{"TTL":"3m"}})").value().checks[0].id ==
        "service:w");
}

TEST_CASE("definition: a check of its own is read, or refused in Consul's words") {
  const auto faultIn = [](const char* body) {
    return parseCheckRegistration(body).error().message;
  };
  CHECK(faultIn("{}") == "Missing check name");
  CHECK(faultIn(R"({"Name":"m"})") == "Invalid check: TTL must be > 0 for TTL checks");
  CHECK(faultIn(R"({"Name":"m","TTL":"1s","Status":"bogus"})") == "Bad check status");
  CHECK(faultIn(R"({"Name":"serfHealth","TTL":"1s"})").starts_with("Invalid check: serfHealth"));
  const auto check = parseCheckRegistration(R"({"Name":"m","http":"http://a/","interval":"1s",
      "header":{"X-A":["b","c"]},"method":"PUT","body":"x","SuccessBeforePassing":2,
      "FailuresBeforeCritical":3,"service_id":"web"})")
                         .value();
  CHECK(check.id == "m");
  CHECK((check.kind() == CheckKind::Http));
  CHECK(check.header.at("X-A").size() == 2);
  CHECK(check.successBeforePassing == 2);
  CHECK(check.failuresBeforeWarning == 3);
  CHECK(check.serviceId == "web");
}

TEST_CASE("definition: a report names a status") {
  CHECK((parseTtlReport(R"({"Status":"warning","Output":"o"})").value().status == Health::Warning));
  CHECK(parseTtlReport("{}").error().message == "Invalid check status: ''");
  CHECK(parseTtlReport(R"({"Status":"maint"})").error().message == "Invalid check status: 'maint'");
  CHECK(parseTtlReport(R"({"Status":"passing","x":1})").error().message ==
        "Request decode failed: json: unknown field \"x\"");
}

TEST_CASE("definition: what is kept in the file comes back as it was") {
  const auto service = parseServiceRegistration(R"({"ID":"w","Name":"web","Tags":["a","b"],
      "Address":"1.2.3.4","Port":80,"Meta":{"k":"v"},"EnableTagOverride":true,
      "Weights":{"Passing":10,"Warning":2}})")
                           .value()
                           .service;
  auto check = parseCheckRegistration(R"({"Name":"m","HTTP":"https://a/","Interval":"1m30s",
      "Header":{"X-A":["b"]},"Method":"PUT","Body":"x","TLSSkipVerify":true,"Timeout":"2500ms",
      "SuccessBeforePassing":2,"FailuresBeforeCritical":3,"FailuresBeforeWarning":1,"Status":"warning",
      "DeregisterCriticalServiceAfter":"90m","OutputMaxSize":99,"Notes":"n","ServiceID":"w",
      "DisableRedirects":true})")
                   .value();
  CheckDefinition maintenance;
  maintenance.id = kNodeMaintenance;
  maintenance.name = "Node Maintenance Mode";
  maintenance.maintenance = true;
  const LocalDefinitions all{.services = {service}, .checks = {check, maintenance}};
  CHECK(parseDefinitions(toJson(all)).value() == all);
  CHECK_FALSE(parseDefinitions("{"));
  CHECK_FALSE(parseDefinitions(R"({"services":[{"Port":"x"}]})"));
}

TEST_CASE("duration: written as Go does") {
  CHECK(goDuration(0ns) == "0s");
  CHECK(goDuration(500ms) == "500ms");
  CHECK(goDuration(30s) == "30s");
  CHECK(goDuration(1500ms) == "1.5s");
  CHECK(goDuration(90s) == "1m30s");
  CHECK(goDuration(90min) == "1h30m0s");
}

}  // namespace cluster_lab::agent

#include "registry/session_request.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::registry {

using namespace std::chrono_literals;

namespace {

SessionRequest read(const std::string& body) {
  const auto request = sessionRequestFrom(body, "pi-1");
  REQUIRE(request);
  return *request;
}

std::string errorOf(const std::string& body) {
  const auto request = sessionRequestFrom(body, "pi-1");
  REQUIRE_FALSE(request);
  return request.error().message;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("session request: without a body it has Consul's defaults") {
  for (const auto* body : {"", "null", "{}"}) {
    const auto request = read(body);
    CHECK(request.node == "pi-1");
    CHECK(request.nodeChecks == Ids{"serfHealth"});
    CHECK(request.checks.empty());
    CHECK(request.lockDelay == 15s);
    CHECK(request.behavior == "release");
    CHECK(request.ttl.empty());
  }
}

TEST_CASE("session request: what the client names takes the place of the defaults") {
  const auto request =
      read(R"({"name":"lock","Node":"pi-2","TTL":"20s","Behavior":"delete","bogus":1})");
  CHECK(request.name == "lock");
  CHECK(request.node == "pi-2");
  CHECK(request.ttl == "20s");
  CHECK(request.behavior == "delete");
}

TEST_CASE("session request: a lock delay is a duration, or nanoseconds, or below 1000 seconds") {
  CHECK(read(R"({"LockDelay":"70s"})").lockDelay == 70s);
  CHECK(read(R"({"LockDelay":"0s"})").lockDelay == 0s);
  CHECK(read(R"({"LockDelay":20})").lockDelay == 20s);
  CHECK(read(R"({"LockDelay":0})").lockDelay == 0s);
  CHECK(read(R"({"LockDelay":1000000000})").lockDelay == 1s);
  CHECK(read(R"({"LockDelay":"-5s"})").lockDelay == 0s);
  CHECK(errorOf(R"({"LockDelay":"15x"})") ==
        "Request decode failed: time: unknown unit \"x\" in duration \"15x\"");
}

TEST_CASE("session request: the checks of old and new clients, as Consul joins them") {
  CHECK(read(R"({"Checks":["a"]})").checks == Ids{"a"});
  CHECK(read(R"({"Checks":["a"]})").nodeChecks == Ids{"serfHealth"});
  CHECK(read(R"({"NodeChecks":["a"]})").nodeChecks == Ids{"a"});
  CHECK(read(R"({"NodeChecks":["a"]})").checks.empty());
  CHECK(read(R"({"Checks":["serfHealth"]})").checks.empty());
  CHECK(read(R"({"Checks":[]})").nodeChecks.empty());
  CHECK(read(R"({"NodeChecks":[],"Checks":["a"]})").checks.empty());
  CHECK(read(R"({"ServiceChecks":[{"ID":"s","Namespace":""}]})").serviceChecks == Ids{"s"});
}

TEST_CASE("session request: what is no request is refused in Consul's words") {
  CHECK(errorOf(R"({"Name":5})") ==
        "Request decode failed: json: cannot unmarshal number into Go struct field .Name of type "
        "string");
  CHECK(errorOf("[]").starts_with("Request decode failed: json: cannot unmarshal array"));
  CHECK(errorOf("xx").starts_with("Request decode failed: invalid character 'x'"));
}

}  // namespace cluster_lab::registry

#include "agent/check_runner.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "http/server.hpp"
#include "os/tcp_probe.hpp"
#include "unit/registry/fixture.hpp"

using namespace std::chrono_literals;

// Real servers on the loopback. The texts are Consul 1.8.7's.
namespace cluster_lab::agent {
namespace {

using registry::Health;

std::atomic<bool> slow_reached = false;

/// Answers /STATUS with that status, /echo with what it was asked, and so on.
http::Response answer(const http::Request& request) {
  if (request.path == "/echo") {
    std::string all = request.method + " " + request.body;
    for (const auto& [name, value] : request.headers) all += "|" + name + "=" + value;
    return http::text(200, all);
  }
  if (request.path == "/big") return http::text(200, std::string(6000, 'x'));
  if (request.path == "/slow") {
    slow_reached = true;
    slow_reached.notify_all();
    while (!request.abandoned()) std::this_thread::sleep_for(10ms);
  }
  http::Response response = http::text(200, "body");
  if (request.path == "/moved") {
    response.status = 302;
    response.headers.emplace_back("Location", "/echo");
  } else if (request.path == "/loop") {
    response.status = 302;
    response.headers.emplace_back("Location", "/loop");
  } else {
    response.status = std::stoi(request.path.substr(1));
  }
  return response;
}

struct Place {
  registry::test::LeadingRegistry here;
  std::unique_ptr<http::Server> server =
      http::Server::start({.address = "127.0.0.1"}, answer).value();
  std::stop_source stop;

  [[nodiscard]] std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(server->port()) + path;
  }
  [[nodiscard]] CheckResult run(const CheckDefinition& check) const {
    return runCheck(check, *here.registry, stop.get_token());
  }
  [[nodiscard]] CheckResult get(const std::string& path) const {
    CheckDefinition check;
    check.http = url(path);
    return run(check);
  }
};

/// A port on which nobody listens.
std::string deadPort() {
  auto server = http::Server::start({.address = "127.0.0.1"}, answer).value();
  return "127.0.0.1:" + std::to_string(server->port());
}

CheckDefinition script(std::vector<std::string> args) {
  CheckDefinition check;
  check.args = std::move(args);
  return check;
}

}  // namespace

TEST_CASE("http check: the status decides, the output tells it with the body") {
  const Place place;
  CHECK(place.get("/200") ==
        CheckResult{Health::Passing, "HTTP GET " + place.url("/200") + ": 200 OK Output: body"});
  CHECK((place.get("/429").status == Health::Warning));
  CHECK((place.get("/500").status == Health::Critical));
}

TEST_CASE("http check: method, body and headers are as they were registered") {
  const Place place;
  CheckDefinition check;
  check.http = place.url("/echo");
  check.method = "POST";
  check.body = "hi";
  check.header = {{"X-A", {"1", "2"}}, {"Host", {"foo"}}};
  const auto result = place.run(check);
  CHECK((result.status == Health::Passing));
  for (const char* part : {"HTTP POST ", "POST hi", "|X-A=1", "|X-A=2", "|Host=foo",
                           "|User-Agent=Consul Health Check"}) {
    INFO(part);
    CHECK(result.output.find(part) != std::string::npos);
  }
}

TEST_CASE("http check: redirects are followed, ten at most, unless it says not to") {
  const Place place;
  const auto moved = place.get("/moved");
  CHECK((moved.status == Health::Passing));
  CHECK(moved.output.starts_with("HTTP GET " + place.url("/moved") + ": 200 OK"));
  CHECK(place.get("/loop") ==
        CheckResult{Health::Critical, "Get \"/loop\": stopped after 10 redirects"});
  CheckDefinition check;
  check.http = place.url("/moved");
  check.disableRedirects = true;
  CHECK(place.run(check).output.find(": 302 ") != std::string::npos);
}

TEST_CASE("http check: of a large body the end is kept") {
  const Place place;
  const auto big = place.get("/big");
  CHECK((big.status == Health::Passing));
  CHECK(big.output.size() ==
        std::string("HTTP GET " + place.url("/big") + ": 200 OK Output: ").size() + 4096);
}

TEST_CASE("http check: a server that is not there or does not answer is critical") {
  Place place;
  CheckDefinition check;
  const auto dead = deadPort();
  check.http = "http://" + dead + "/";
  CHECK(place.run(check) ==
        CheckResult{Health::Critical, "Get \"http://" + dead + "/\": dial tcp " + dead +
                                          ": connect: connection refused"});
  check.http = place.url("/slow");
  check.timeout = 200ms;
  CHECK(place.run(check) ==
        CheckResult{Health::Critical,
                    "Get \"" + check.http +
                        "\": context deadline exceeded (Client.Timeout exceeded while awaiting "
                        "headers)"});
}

TEST_CASE("http check: one that is asked to stop ends at once") {
  Place place;
  slow_reached = false;
  std::thread stopper([&] {
    slow_reached.wait(false);
    place.stop.request_stop();
  });
  CheckDefinition check;
  check.http = place.url("/slow");
  const auto begin = std::chrono::steady_clock::now();
  CHECK((place.run(check).status == Health::Critical));
  CHECK(std::chrono::steady_clock::now() - begin < 5s);
  stopper.join();
}

TEST_CASE("tcp check: somebody listens, or who refused") {
  const Place place;
  CheckDefinition check;
  check.tcp = "127.0.0.1:" + std::to_string(place.server->port());
  CHECK(place.run(check) == CheckResult{Health::Passing, "TCP connect " + check.tcp + ": Success"});
  check.tcp = deadPort();
  CHECK(place.run(check) ==
        CheckResult{Health::Critical, "dial tcp " + check.tcp + ": connect: connection refused"});
  check.tcp = "127.0.0.1";
  CHECK(place.run(check).output == "dial tcp: address 127.0.0.1: missing port in address");
}

TEST_CASE("script check: the exit status decides, the output is what was printed") {
  const Place place;
  CHECK(place.run(script({"sh", "-c", "echo hi"})) == CheckResult{Health::Passing, "hi\n"});
  CHECK(place.run(script({"sh", "-c", "echo hi >&2; exit 1"})) ==
        CheckResult{Health::Warning, "hi\n"});
  CHECK(place.run(script({"sh", "-c", "exit 2"})) == CheckResult{Health::Critical, ""});
  CHECK((place.run(script({"sh", "-c", "kill -9 $$"})).status == Health::Critical));
  CHECK((place.run(script({"/nonexistent"})).status == Health::Critical));
}

TEST_CASE("script check: too long is critical, with what it printed; too much is cut") {
  const Place place;
  auto slow = script({"sh", "-c", "echo part; sleep 20"});
  slow.timeout = 300ms;
  CHECK(place.run(slow) ==
        CheckResult{Health::Critical, "Timed out (300ms) running check\n\npart\n"});
  auto loud = script({"seq", "1", "3000"});
  loud.outputSize = 20;
  CHECK(place.run(loud).output == "Captured 20 of 13893 bytes\n...\n2997\n2998\n2999\n3000\n");
}

TEST_CASE("alias check: another node's service is followed by the registry") {
  const Place place;
  auto& registry = *place.here.registry;
  REQUIRE(registry.registerNode(registry::test::nodeOf(2)));
  CheckDefinition check;
  check.aliasNode = "pi-2";
  check.aliasService = "db";
  CHECK(place.run(check).output == "Service db could not be found on node pi-2");
  registry::Service db;
  db.node = registry::test::idOf(2);
  db.id = db.name = "db";
  REQUIRE(registry.syncServices({.node = db.node, .services = {db}, .checks = {}}));
  CHECK(place.run(check) == CheckResult{Health::Passing, "All checks passing."});
  REQUIRE(registry.setHealth(db.node, Health::Critical, "silent"));
  CHECK(place.run(check) ==
        CheckResult{Health::Critical, "Aliased check \"Serf Health Status\" failing: silent"});
}

}  // namespace cluster_lab::agent

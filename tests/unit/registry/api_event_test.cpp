// Answers of /v1/event, compared with those of Consul 1.8.7, and of the time line.
#include <doctest/doctest.h>

#include <future>

#include "fixture.hpp"

namespace cluster_lab::registry {

using namespace std::chrono_literals;
using test::headerOf;
using test::LeadingRegistry;

TEST_CASE("event api: what is fired is answered and listed with Consul's members") {
  const LeadingRegistry world;
  world.registry->registerNode(test::nodeOf(1)).value();
  CHECK(world.get("/v1/event/list").body == "[]");
  CHECK(headerOf(world.get("/v1/event/list"), "X-Consul-Index") == "1");
  const auto fired = world.ask("PUT", "/v1/event/fire/deploy", "payload1");
  CHECK(fired.status == 200);
  const auto id = fired.body.substr(7, 36);
  CHECK(fired.body == R"({"ID":")" + id +
                          R"(","Name":"deploy","Payload":"cGF5bG9hZDE=","NodeFilter":"",)"
                          R"("ServiceFilter":"","TagFilter":"","Version":1,"LTime":0})");
  CHECK(world.get("/v1/event/list").body == R"([{"ID":")" + id +
                                                R"(","Name":"deploy","Payload":"cGF5bG9hZDE=",)"
                                                R"("NodeFilter":"","ServiceFilter":"",)"
                                                R"("TagFilter":"","Version":1,"LTime":1}])");
  CHECK(world.get("/v1/event/list?name=none").body == "[]");
  CHECK(world.ask("PUT", "/v1/event/fire/x").body.find(R"("Payload":null)") != std::string::npos);
}

TEST_CASE("event api: Consul's refusals") {
  const LeadingRegistry world;
  const auto unnamed = world.ask("PUT", "/v1/event/fire/");
  CHECK(unnamed.status == 400);
  CHECK(unnamed.body == "Missing name");
  const auto untagged = world.ask("PUT", "/v1/event/fire/x?tag=v1");
  CHECK(untagged.status == 500);
  CHECK(untagged.body == "Cannot provide tag filter without service filter");
  CHECK(world.get("/v1/event/fire/x").status == 405);
  CHECK(world.ask("PUT", "/v1/event/fire/x?dc=other").body == "No path to datacenter");
}

TEST_CASE("event api: a query waits while the newest event is the one that it knows") {
  const LeadingRegistry world;
  world.ask("PUT", "/v1/event/fire/a");
  const auto index = headerOf(world.get("/v1/event/list"), "X-Consul-Index");
  auto query = std::async(std::launch::async,
                          [&] { return world.get("/v1/event/list?wait=60s&index=" + index); });
  CHECK(query.wait_for(50ms) == std::future_status::timeout);
  world.ask("PUT", "/v1/event/fire/b");
  CHECK(query.get().body.find(R"("Name":"b")") != std::string::npos);
  // Any other index is an old one, also a higher.
  CHECK(world.get("/v1/event/list?wait=60s&index=18446744073709551615").status == 200);
}

TEST_CASE("timeline api: who leads, and why, and who joined, oldest first") {
  const LeadingRegistry world;
  world.registry->registerNode(test::nodeOf(1, Role::Leading)).value();
  world.registry->lead(2, test::kLeaderAddress, "nobody else does").value();
  const auto body = world.get("/cluster/v1/timeline").body;
  CHECK(body.starts_with(R"([{"id":1,"time":)"));
  const auto joined = body.find(R"("kind":"joined","node":"pi-1","text":"pi-1 joined at )");
  const auto leads = body.find(R"("kind":"leads","node":"pi-1","text":"pi-1 leads: nobody else)");
  CHECK(joined < leads);
  CHECK(leads != std::string::npos);
}

TEST_CASE("access api: tells whoever asks whether it may write, and why not") {
  const LeadingRegistry world;
  CHECK(world.get("/cluster/v1/access").body == R"({"may_write":true,"why":""})");
  auto request = test::requestOf("GET", "/cluster/v1/access");
  request.peer = test::address("10.0.0.7");
  const auto refused = world.router.route(request);
  CHECK(refused.status == 200);
  CHECK(refused.body.starts_with(R"({"may_write":false,"why":"writes are accepted from)"));
}

}  // namespace cluster_lab::registry

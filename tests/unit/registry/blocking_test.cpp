// Blocking queries, over the router; the one that asks waits in a thread of its own.
#include <doctest/doctest.h>

#include <future>

#include "fixture.hpp"

namespace cluster_lab::registry {

using namespace std::chrono_literals;
using test::headerOf;
using test::LeadingRegistry;

namespace {

/// Asks in the background.
std::future<http::Response> later(const LeadingRegistry& world, const std::string& target) {
  return std::async(std::launch::async, [&world, target] { return world.get(target); });
}

/// Writes until the query has been answered: whether it was waiting already cannot be seen.
http::Response writeUntilAnswered(const LeadingRegistry& world, std::future<http::Response>& query,
                                  const std::string& key) {
  for (int i = 0; i < 1000; ++i) {
    world.ask("PUT", "/v1/kv/" + key, std::to_string(i));
    if (query.wait_for(10ms) == std::future_status::ready) break;
  }
  return query.get();
}

}  // namespace

TEST_CASE("blocking: a write wakes a query for its key, with the new value") {
  const LeadingRegistry world;
  world.ask("PUT", "/v1/kv/a", "x");
  auto query = later(world, "/v1/kv/a?raw&index=1&wait=60s");
  const auto response = writeUntilAnswered(world, query, "a");
  CHECK(response.body != "x");
  CHECK(headerOf(response, "X-Consul-Index") != "1");
}

TEST_CASE("blocking: a query for a key that is not there wakes when it comes") {
  const LeadingRegistry world;
  auto query = later(world, "/v1/kv/new?raw&index=1&wait=60s");
  CHECK(writeUntilAnswered(world, query, "new").status == 200);
}

TEST_CASE("blocking: an older index is answered at once") {
  const LeadingRegistry world;
  world.ask("PUT", "/v1/kv/a", "x");
  world.ask("PUT", "/v1/kv/a", "y");
  CHECK(world.get("/v1/kv/a?raw&index=1&wait=10m").body == "y");
}

TEST_CASE("blocking: a query ends with what there is when its wait is over") {
  const LeadingRegistry world;
  world.ask("PUT", "/v1/kv/a", "x");
  const auto begin = std::chrono::steady_clock::now();
  const auto response = world.get("/v1/kv/a?raw&index=1000&wait=160ms");
  const auto took = std::chrono::steady_clock::now() - begin;
  CHECK(response.body == "x");
  CHECK(headerOf(response, "X-Consul-Index") == "1");
  CHECK(took >= 160ms);
}

TEST_CASE("blocking: a change elsewhere does not wake a query") {
  const LeadingRegistry world;
  world.registry->registerNode(test::nodeOf(1)).value();
  auto query = later(world, "/v1/catalog/nodes?index=1&wait=300ms");
  world.ask("PUT", "/v1/kv/a", "x");
  CHECK(headerOf(query.get(), "X-Consul-Index") == "1");
}

TEST_CASE("blocking: a change of health wakes the list of nodes of the page") {
  const LeadingRegistry world;
  world.registry->registerNode(test::nodeOf(1)).value();
  auto query = later(world, "/cluster/v1/nodes?index=1&wait=60s");
  world.registry->setHealth(test::idOf(1), Health::Critical, "silent").value();
  CHECK(query.get().body.find("silent") != std::string::npos);
}

TEST_CASE("blocking: stopping the registry ends every query") {
  const LeadingRegistry world;
  auto query = later(world, "/v1/catalog/nodes?index=1&wait=10m");
  world.registry->stop();
  CHECK(query.get().status == 200);
}

TEST_CASE("blocking: a query whose client has hung up ends within five seconds") {
  const LeadingRegistry world;
  auto request = test::requestOf("GET", "/v1/kv/a?index=1000&wait=10m");
  request.hungUp = [] { return true; };
  const auto begin = std::chrono::steady_clock::now();
  CHECK(world.router.route(request).status == 404);
  CHECK(std::chrono::steady_clock::now() - begin < 5s);
}

}  // namespace cluster_lab::registry

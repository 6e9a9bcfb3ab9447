#include "http/router.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::http {
namespace {

Handler says(const std::string& word) {
  return [word](const Request&) { return text(200, word); };
}

Response ask(const Router& router, const std::string& method, const std::string& path) {
  Request request;
  request.method = method;
  request.path = path;
  return router.route(request);
}

}  // namespace

TEST_CASE("router: the longest pattern wins, and an exact one before a star") {
  Router router;
  router.add("GET", "/*", says("any"));
  router.add("GET", "/v1/kv/*", says("kv"));
  router.add("GET", "/v1/kv/x", says("x"));
  CHECK(ask(router, "GET", "/v1/kv/x").body == "x");
  CHECK(ask(router, "GET", "/v1/kv/").body == "kv");
  CHECK(ask(router, "GET", "/v1/kv/x/y").body == "kv");
  CHECK(ask(router, "GET", "/v1/kv").body == "any");
}

TEST_CASE("router: an unknown path is 404, another method 405 with those allowed") {
  Router router;
  router.add("PUT", "/a", says("put"));
  router.add("GET", "/a", says("get"));
  CHECK(ask(router, "GET", "/b").status == 404);
  const auto refused = ask(router, "DELETE", "/a");
  CHECK(refused.status == 405);
  REQUIRE(refused.headers.size() == 1);
  CHECK(refused.headers[0].second == "GET, PUT");
}

TEST_CASE("router: starOf gives what the star stood for") {
  CHECK(starOf("/v1/kv/*", "/v1/kv/a/b") == "a/b");
  CHECK(starOf("/v1/kv/*", "/v1/kv/") == "");
  CHECK(starOf("/v1/kv/*", "/v1/x") == "");
}

TEST_CASE("request: headers are found in any case, of a parameter the first value counts") {
  Request request;
  request.headers = {{"X-Token", "a"}, {"x-token", "b"}};
  request.query = {{"k", "1"}, {"k", "2"}, {"raw", ""}};
  CHECK(request.header("x-TOKEN") == "a");
  CHECK_FALSE(request.header("y"));
  CHECK(request.parameter("k") == "1");
  CHECK(request.has("raw"));
  CHECK_FALSE(request.parameter("none"));
  CHECK_FALSE(request.abandoned());
}

}  // namespace cluster_lab::http

// The expected answers are what Consul 1.8.7 answered.
#include "http/redirect.hpp"

#include <doctest/doctest.h>

#include "http/target.hpp"

namespace cluster_lab::http {
namespace {

std::optional<Response> redirectOf(const std::string& method, const std::string& target) {
  return redirectToClean(method, target, parseTarget(target)->path);
}

std::string locationOf(const std::string& target) {
  const auto response = redirectOf("GET", target);
  return response ? response->headers.at(0).second : "(none)";
}

}  // namespace

TEST_CASE("redirect: empty segments and dots lead to the clean path, the query stays") {
  CHECK(locationOf("/v1/kv/a//b") == "/v1/kv/a/b");
  CHECK(locationOf("/v1/kv/a/../b?raw&x=1%202") == "/v1/kv/b?raw&x=1%202");
  CHECK(locationOf("/v1/kv/a%2F%2Fb") == "/v1/kv/a/b");
  CHECK(locationOf("//v1/kv/%C3%A4%20b(!)*;=?") == "/v1/kv/%C3%A4%20b%28%21%29%2A;=?");
  CHECK(locationOf("/v1//kv/x/") == "/v1/kv/x/");
  CHECK(locationOf("/v1/kv/a/./") == "/v1/kv/a/");
}

TEST_CASE("redirect: dots lead nowhere above the root") {
  CHECK(cleanPath("/../../etc/passwd") == "/etc/passwd");
  CHECK(cleanPath("/..") == "/");
  CHECK(cleanPath("//") == "/");
}

TEST_CASE("redirect: a clean path is none, also one with dots in its names") {
  for (const auto* target :
       {"/", "/v1/kv/a/b/", "/v1/kv/.hidden", "/v1/kv/a..b", "/v1/kv/a?x=//", "/v1/kv/..."}) {
    INFO(target);
    CHECK_FALSE(redirectOf("GET", target));
  }
}

TEST_CASE("redirect: only a GET gets a page") {
  const auto page = redirectOf("GET", "/v1//x?a&b='<\">");
  CHECK(page->status == 301);
  CHECK(page->contentType == "text/html; charset=utf-8");
  CHECK(page->body == "<a href=\"/v1/x?a&amp;b=&#39;&lt;&#34;&gt;\">Moved Permanently</a>.\n\n");
  CHECK(redirectOf("HEAD", "//x")->contentType == "text/html; charset=utf-8");
  CHECK(redirectOf("HEAD", "//x")->body.empty());
  CHECK(redirectOf("PUT", "//x")->contentType.empty());
  CHECK(redirectOf("PUT", "//x")->body.empty());
}

}  // namespace cluster_lab::http

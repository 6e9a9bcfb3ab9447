#include "agent/url.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::agent {
namespace {

std::string faultOf(const char* text) {
  const auto url = parseUrl(text);
  return url ? "" : url.error().message;
}

}  // namespace

TEST_CASE("url: host, port and target are read") {
  const auto url = parseUrl("http://web.local:8080/health?full#top").value();
  CHECK_FALSE(url.tls);
  CHECK(url.host == "web.local");
  CHECK(url.port == 8080);
  CHECK(url.authority == "web.local:8080");
  CHECK(url.target == "/health?full");
}

TEST_CASE("url: port, path and brackets may be missing or there") {
  CHECK(parseUrl("http://a").value().port == 80);
  CHECK(parseUrl("HTTPS://a").value().port == 443);
  CHECK(parseUrl("http://a").value().target == "/");
  CHECK(parseUrl("http://a?x").value().target == "/?x");
  CHECK(parseUrl("http://[::1]:81/").value().host == "::1");
  CHECK(parseUrl("http://[::1]/").value().port == 80);
  CHECK(parseUrl("http://me:secret@a/").value().user == "me:secret");
}

TEST_CASE("url: what is none is refused in Go's words") {
  CHECK(faultOf("127.0.0.1:8500/") ==
        "parse \"127.0.0.1:8500/\": first path segment in URL cannot contain colon");
  CHECK(faultOf("1s") == "Get \"1s\": unsupported protocol scheme \"\"");
  CHECK(faultOf("ftp://a/") == "Get \"ftp://a/\": unsupported protocol scheme \"ftp\"");
  CHECK(faultOf("http:///x") == "Get \"http:///x\": http: no Host in request URL");
  CHECK_FALSE(parseUrl("http://a:0/"));
  CHECK_FALSE(parseUrl("http://a:70000/"));
  CHECK_FALSE(parseUrl("http://a/b c"));
  CHECK_FALSE(parseUrl("http://a/\r\nX: y"));
}

TEST_CASE("url: a location is absolute, or starts at the host or the path") {
  const auto from = parseUrl("http://a:81/b/c?d").value();
  const auto targetOf = [&](const char* location) {
    return resolve(from, location).value().target;
  };
  CHECK(resolve(from, "https://x/y").value().authority == "x");
  CHECK(resolve(from, "//x/y").value().authority == "x");
  CHECK(resolve(from, "/y").value().authority == "a:81");
  CHECK(targetOf("/y") == "/y");
  CHECK(targetOf("y") == "/b/y");
  CHECK(targetOf("?z") == "/b/c?z");
}

}  // namespace cluster_lab::agent

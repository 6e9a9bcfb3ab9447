#include "http/head.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::http {
namespace {

bool isRefused(const std::string& text) {
  return !parseRequestHead(text).has_value();
}

}  // namespace

TEST_CASE("head: a request is read") {
  const auto head = parseRequestHead(
      "PUT /v1/kv/a?raw HTTP/1.1\r\nHost: pi\r\nX-Empty:\r\nX-Blank: \t a b \t\r\n\r\n");
  REQUIRE(head);
  CHECK(head->method == "PUT");
  CHECK(head->target == "/v1/kv/a?raw");
  REQUIRE(head->headers.size() == 3);
  CHECK(head->headers[1].second.empty());
  CHECK(findHeader(head->headers, "x-blank") == "a b");
  CHECK(head->keepAlive);
}

TEST_CASE("head: connections are kept as version and header say") {
  const auto keeps = [](const std::string& version, const std::string& header) {
    return parseRequestHead("GET / " + version + "\r\n" + header + "\r\n")->keepAlive;
  };
  CHECK(keeps("HTTP/1.1", ""));
  CHECK_FALSE(keeps("HTTP/1.1", "Connection: Close\r\n"));
  CHECK_FALSE(keeps("HTTP/1.1", "Connection: keep-alive, close\r\n"));
  CHECK_FALSE(keeps("HTTP/1.0", ""));
  CHECK(keeps("HTTP/1.0", "Connection: Keep-Alive\r\n"));
}

TEST_CASE("head: what is not exactly a request is refused") {
  for (const std::string text :
       {"", "\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/1.1 \r\n\r\n", "GET  HTTP/1.1\r\n\r\n",
        " GET / HTTP/1.1\r\n\r\n", "G\x01T / HTTP/1.1\r\n\r\n", "GET /\x7f HTTP/1.1\r\n\r\n",
        "GET / http/1.1\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\nName : x\r\n\r\n", "GET / HTTP/1.1\r\n: x\r\n\r\n",
        "GET / HTTP/1.1\r\nA: x\r\n folded\r\n\r\n", "GET / HTTP/1.1\r\nA: x\ry\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\nA: x\r\n\r\n"}) {
    INFO(text);
    CHECK(isRefused(text));
  }
  CHECK(isRefused(std::string("GET / HTTP/1.1\r\nA: \0\r\n\r\n", 24)));
}

TEST_CASE("head: another version is unsupported, too many headers are refused") {
  CHECK(parseRequestHead("GET / HTTP/3\r\n\r\n").error().code == ErrorCode::Unsupported);
  std::string many = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 101; ++i) many += "A: x\r\n";
  CHECK(isRefused(many + "\r\n"));
}

TEST_CASE("head: a response is read, with any reason or none") {
  for (const std::string line : {"HTTP/1.1 404 Not Found", "HTTP/1.1 404", "HTTP/1.1 404 "}) {
    const auto head = parseResponseHead(line + "\r\nContent-Length: 0\r\n\r\n");
    REQUIRE(head);
    CHECK(head->status == 404);
    CHECK(head->headers.size() == 1);
  }
  for (const std::string line : {"", "HTTP/1.1", "HTTP/1.1 x", "HTTP/1.1 99", "SSH-2.0 200 OK"}) {
    CHECK_FALSE(parseResponseHead(line + "\r\n\r\n"));
  }
}

}  // namespace cluster_lab::http

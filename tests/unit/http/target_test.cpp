#include "http/target.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::http {
namespace {

std::string pathOf(std::string_view text) {
  const auto target = parseTarget(text);
  return target ? target->path : "(refused)";
}

}  // namespace

TEST_CASE("target: a path is decoded once, and a plus in it stays") {
  CHECK(pathOf("/v1/kv/a%2Fb") == "/v1/kv/a/b");
  CHECK(pathOf("/v1/kv/a%252Fb") == "/v1/kv/a%2Fb");
  CHECK(pathOf("/v1/kv/a+b") == "/v1/kv/a+b");
  CHECK(pathOf("/v1/kv/%c3%a4%C3%96") == "/v1/kv/äÖ");
  CHECK(pathOf("/a%00b") == std::string("/a\0b", 4));
}

TEST_CASE("target: empty segments and a slash at the end stay") {
  CHECK(pathOf("/v1/kv//a///b/") == "/v1/kv//a///b/");
}

TEST_CASE("target: a broken escape in the path is refused") {
  for (const auto* text : {"/%", "/%4", "/%zz", "/a%2", "/%+1", "/% 1"}) {
    INFO(text);
    CHECK(pathOf(text) == "(refused)");
  }
}

TEST_CASE("target: the absolute form gives the path behind the host") {
  CHECK(pathOf("http://192.168.200.1:8500/v1/x?y") == "/v1/x");
  CHECK(pathOf("http://host") == "/");
}

TEST_CASE("target: the query is decoded, a plus is a blank, a broken pair is left out") {
  const auto target = parseTarget("/x?recurse&a=1+2&b=%2B%26&=&bad=%zz&a=3&c=d=e&&");
  REQUIRE(target);
  const auto& query = target->query;
  CHECK(query.find("recurse")->second.empty());
  CHECK(query.lower_bound("a")->second == "1 2");
  CHECK(query.count("a") == 2);
  CHECK(query.find("b")->second == "+&");
  CHECK(query.find("c")->second == "d=e");
  CHECK_FALSE(query.contains("bad"));
}

TEST_CASE("target: what encodeComponent makes is read back as it was") {
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  CHECK(pathOf("/" + encodeComponent(all)) == "/" + all);
  CHECK(parseTarget("/?k=" + encodeComponent(all))->query.find("k")->second == all);
  CHECK(encodeComponent("a/b c~") == "a%2fb%20c~");
}

TEST_CASE("target: one word has nothing in it that would make another request of one") {
  CHECK(isOneWord("/a/b?c=%20"));
  CHECK_FALSE(isOneWord("/a b"));
  CHECK_FALSE(isOneWord("/a\r\nX:y"));
  CHECK_FALSE(isOneWord(std::string_view("a\0", 2)));
}

}  // namespace cluster_lab::http

#include "lab/request.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::lab {
namespace {

using Words = std::vector<std::string>;

Request read(const Words& words) {
  const auto request = parseRequest(words, "");
  REQUIRE(request);
  return *request;
}

}  // namespace

TEST_CASE("request: up takes a number, a link, a file and daemon options") {
  const auto plain = read({"up"});
  CHECK_FALSE(plain.count);
  CHECK(plain.wait);
  CHECK(plain.lab == "lab");
  const auto full = read({"up", "5", "--link", "none", "--config=/etc/x", "--card", "16",
                          "--no-wait", "--lab=two", "--", "--debug", "yes"});
  CHECK(full.count == 5);
  CHECK(full.link == "none");
  CHECK(full.configFile == "/etc/x");
  CHECK(full.cardMiB == 16);
  CHECK_FALSE(full.wait);
  CHECK(full.lab == "two");
  CHECK(full.further == Words{"--debug", "yes"});
}

TEST_CASE("request: exec hands the whole command on, also what looks like an option") {
  const auto request = read({"--lab", "two", "exec", "pi1", "--", "ls", "--help", "--"});
  CHECK(request.lab == "two");
  CHECK(request.node == "pi1");
  CHECK(request.further == Words{"ls", "--help", "--"});
}

TEST_CASE("request: the environment's lab is used where none is named") {
  CHECK(parseRequest({"ls"}, "mine")->lab == "mine");
  CHECK(parseRequest({"ls", "--lab", "yours"}, "mine")->lab == "yours");
}

TEST_CASE("request: nothing or a cry for help shows help") {
  CHECK(read({}).verb == "help");
  CHECK(read({"--help"}).verb == "help");
  CHECK(read({"up", "--help"}).verb == "help");
}

TEST_CASE("request: what cannot be understood is refused") {
  for (const Words& words :
       {Words{"dance"}, Words{"up", "0"}, Words{"up", "251"}, Words{"up", "x"},
        Words{"up", "1", "2"}, Words{"up", "--link", "wifi"}, Words{"up", "--link"},
        Words{"up", "--json"}, Words{"up", "--card", "0"}, Words{"up", "--card=big"}, Words{"kill"},
        Words{"kill", "pi1", "pi2"}, Words{"exec", "pi1"}, Words{"down", "--", "x"},
        Words{"ls", "pi1"}, Words{"ls", "--lab", "Name with blanks"}}) {
    CAPTURE(words.front());
    const auto request = parseRequest(words, "");
    REQUIRE_FALSE(request);
    CHECK(request.error().code == ErrorCode::InvalidArgument);
  }
}

}  // namespace cluster_lab::lab

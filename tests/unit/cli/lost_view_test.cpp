#include "cli/lost_view.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::cli {

using registry::LostKey;
using registry::LostWrites;

namespace {

LostWrites example() {
  LostWrites lost;
  lost.nodeName = "pi-2";
  lost.parted.index = 7;
  lost.last.term = 3;
  lost.keys.push_back({.key = "a/b c",
                       .written = LostKey::Content{.value = "x", .flags = 5},
                       .winner = std::nullopt});
  lost.keys.push_back({.key = "d",
                       .written = std::nullopt,
                       .winner = LostKey::Content{.value = "w\x1B", .flags = 0},
                       .winnerIndex = 9,
                       .contested = true});
  lost.registrations.push_back({.what = "node 'printer'", .body = "{}", .contested = false});
  return lost;
}

std::string noTime(std::int64_t) {
  return "then";
}

}  // namespace

TEST_CASE("lost view: a replay changes only what is as the winner had it") {
  const auto steps = planReplay(example(), false);
  REQUIRE(steps.size() == 3);
  CHECK(steps[0].what == "put a/b c");
  CHECK(steps[0].method == "PUT");
  CHECK(steps[0].target == "/v1/kv/a/b%20c?flags=5&cas=0");
  CHECK(steps[0].body == "x");
  CHECK_FALSE(steps[0].contested);
  CHECK(steps[1].method == "DELETE");
  CHECK(steps[1].target == "/v1/kv/d?cas=9");
  CHECK(steps[1].contested);
  CHECK(steps[2].target == "/v1/catalog/register");
}

TEST_CASE("lost view: a forced replay asks for nothing") {
  const auto steps = planReplay(example(), true);
  CHECK(steps[0].target == "/v1/kv/a/b%20c?flags=5");
  CHECK(steps[1].target == "/v1/kv/d");
}

TEST_CASE("lost view: a file is shown with both sides, and nothing that steers a terminal") {
  const auto text = renderLost(example(), Style(false), noTime);
  CHECK(text.find("Written by pi-2 under term 3, given up: clock not set\n") == 0);
  CHECK(text.find("parted after index 7") != std::string::npos);
  CHECK(text.find("winner: no such key") != std::string::npos);
  CHECK(text.find("winner: w? (changed there, too)") != std::string::npos);
  CHECK(text.find("node 'printer'") != std::string::npos);
  CHECK(text.find("not acknowledged") == std::string::npos);
}

TEST_CASE("lost view: what no client was told to be done is marked so") {
  auto lost = example();
  lost.keys.front().acknowledged = false;
  lost.registrations.front().acknowledged = false;
  const auto text = renderLost(lost, Style(false), noTime);
  CHECK(text.find("winner: no such key") < text.find("not acknowledged"));
  CHECK(text.find("not acknowledged") < text.find("winner: w?"));
  CHECK(text.find("not acknowledged", text.find("printer")) != std::string::npos);
}

TEST_CASE("lost view: the list tells of files that cannot be read, too") {
  const auto files = parseLostFiles(
      R"([{"name":"1.json","node":"a","time":5,"term":1,"keys":2,"registrations":0},)"
      R"({"name":"2.json","problem":"torn"}])");
  REQUIRE(files);
  const auto text = renderLostFiles(*files, Style(false), noTime);
  CHECK(text.find("1.json  then  2") != std::string::npos);
  CHECK(text.find("2.json  torn") != std::string::npos);
  CHECK(renderLostFiles({}, Style(false), noTime) == "This node keeps no lost writes.\n");
  CHECK_FALSE(parseLostFiles("{}"));
}

}  // namespace cluster_lab::cli

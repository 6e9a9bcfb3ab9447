#include "registry/stream_json.hpp"

#include <doctest/doctest.h>

#include "fixture.hpp"

namespace cluster_lab::registry {

using test::idOf;
using namespace std::chrono_literals;

StreamAnswer exampleAnswer() {
  StreamAnswer answer;
  answer.ages = {{idOf(1), 5s}, {idOf(2), 100s}};
  answer.entries = {{.at = {.term = 2, .writer = idOf(1), .index = 8},
                     .changes = {{Table::Kv, "plain", R"({"value":""})"},
                                 {Table::Kv, "\xFF \n<&>", std::nullopt}}}};
  Snapshot snapshot;
  snapshot.header.at = {.term = 2, .writer = idOf(1), .index = 7};
  snapshot.header.lineage.extend({.term = 1, .writer = idOf(2), .index = 3});
  snapshot.header.lineage.extend(snapshot.header.at);
  snapshot.header.tableIndexes = {1, 2, 7, 0, 0};
  snapshot.rows = {{Table::Kv, std::string("a\0b", 3), "{}", 4, 5}};
  answer.snapshot = snapshot;
  return answer;
}

TEST_CASE("stream json: an answer with snapshot, change sets and ages comes back") {
  const auto answer = exampleAnswer();
  CHECK(streamAnswerFromJson(toJson(answer)).value() == answer);
}

TEST_CASE("stream json: an answer without anything comes back") {
  CHECK(streamAnswerFromJson(toJson(StreamAnswer{})).value() == StreamAnswer{});
}

TEST_CASE("stream json: a header comes back") {
  const auto header = exampleAnswer().snapshot->header;
  CHECK(stateHeaderFromJson(toJson(header)).value() == header);
}

TEST_CASE("stream json: what is missing or unknown is named") {
  CHECK(streamAnswerFromJson("[]").error().message ==
        "the leader's answer: expected a JSON object");
  CHECK(streamAnswerFromJson(R"({"entries":[{}],"ages":{}})").error().message ==
        "the leader's answer: entries: term: expected a number, not negative");
  auto text = toJson(exampleAnswer());
  text.replace(text.find(R"("table":"kv")"), 12, R"("table":"kw")");
  CHECK_FALSE(streamAnswerFromJson(text));
}

}  // namespace cluster_lab::registry

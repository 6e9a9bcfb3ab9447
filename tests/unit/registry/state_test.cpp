#include "registry/state.hpp"

#include <doctest/doctest.h>

#include "fixture.hpp"
#include "registry/row_json.hpp"

namespace cluster_lab::registry {

using test::idOf;
using test::nodeOf;

namespace {

Change keyPut(const std::string& key, const std::string& value = "v") {
  return {Table::Kv, key,
          toJson(KvPair{.value = value, .flags = 0, .lockIndex = 0, .session = {}})};
}

Change keyGone(const std::string& key) {
  return {Table::Kv, key, std::nullopt};
}

/// Applies change sets one after the other, each must fit.
struct Story {
  State state;

  void then(ChangeSet changes) {
    const Position at{.term = 1, .writer = idOf(1), .index = state.position().index + 1};
    REQUIRE(state.apply({.at = at, .changes = std::move(changes)}));
  }
};

}  // namespace

TEST_CASE("state: a new row is created and modified at the index, an old one only modified") {
  Story story;
  story.then({keyPut("a")});
  story.then({keyPut("b")});
  story.then({keyPut("a", "w")});
  const auto& pair = story.state.kv().at("a");
  CHECK(pair.created == 1);
  CHECK(pair.modified == 3);
  CHECK(pair.row.value == "w");
}

TEST_CASE("state: a deleted row that comes again is created anew") {
  Story story;
  story.then({keyPut("a")});
  story.then({keyGone("a")});
  story.then({keyPut("a")});
  CHECK(story.state.kv().at("a").created == 3);
}

TEST_CASE("state: a table's index rises with what touches it, deletions too") {
  Story story;
  story.then({{Table::Nodes, nodeKey(idOf(1)), toJson(nodeOf(1))}});
  story.then({keyPut("a")});
  story.then({keyGone("a")});
  CHECK(story.state.index({Table::Nodes}) == 1);
  CHECK(story.state.index({Table::Kv}) == 3);
  CHECK(story.state.index({Table::Leases}) == 0);
  CHECK(story.state.index({Table::Nodes, Table::Leases}) == 1);
}

TEST_CASE("state: the index of a prefix rises when a key under it goes, and only then") {
  Story story;
  story.then({keyPut("a/1")});
  story.then({keyPut("a/2")});
  story.then({keyPut("b")});
  CHECK(story.state.kvIndexUnder("a/") == 2);
  story.then({keyGone("a/1")});
  CHECK(story.state.kvIndexUnder("a/") == 4);
  CHECK(story.state.kvIndexUnder("b") == 3);
  CHECK(story.state.kvIndexUnder("") == 4);
  CHECK(story.state.kvIndexUnder("never") == 4);
}

TEST_CASE("state: a change set that is not the next one is refused") {
  State state;
  CHECK(
      state.apply({.at = {.term = 1, .writer = idOf(1), .index = 2}, .changes = {}}).error().code ==
      ErrorCode::Conflict);
}

TEST_CASE("state: a change set with a row that cannot be read changes nothing") {
  Story story;
  story.then({keyPut("a")});
  const auto before = story.state.snapshot();
  const Position at{.term = 1, .writer = idOf(1), .index = 2};
  CHECK_FALSE(story.state.apply({.at = at, .changes = {keyGone("a"), {Table::Kv, "b", "x"}}}));
  CHECK(story.state.snapshot() == before);
}

TEST_CASE("state: a copy made from a snapshot is the same, and its prefix indexes do not fall") {
  Story story;
  story.then({{Table::Nodes, nodeKey(idOf(1)), toJson(nodeOf(1))}});
  story.then({keyPut("a/1"), keyPut("a/2")});
  story.then({keyGone("a/1")});
  const auto snapshot = story.state.snapshot();
  const auto copy = State::from(snapshot);
  REQUIRE(copy);
  CHECK(copy->snapshot() == snapshot);
  CHECK(copy->kvIndexUnder("a/") >= story.state.kvIndexUnder("a/"));
}

TEST_CASE("state: a node is found by its name in any case") {
  Story story;
  story.then({{Table::Nodes, nodeKey(idOf(1)), toJson(nodeOf(1))}});
  CHECK(story.state.findNode("PI-1") != nullptr);
  CHECK(story.state.findNode("pi-2") == nullptr);
}

}  // namespace cluster_lab::registry

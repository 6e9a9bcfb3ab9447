// What the losing side of a split had written.
#include "registry/lost_writes.hpp"

#include <doctest/doctest.h>

#include "registry/row_json.hpp"
#include "world.hpp"

namespace cluster_lab::registry {

using test::idOf;
using test::nodeOf;
using test::World;

namespace {

/// Two sides that have parted after "old" and "gone" were written.
struct Split {
  World own;
  World winner;

  Split() {
    for (auto* side : {&own, &winner}) {
      side->put("old", "1");
      side->put("gone", "1");
    }
    own.leader = 2;
    own.term = winner.term = 2;
  }

  LostWrites lost() const { return lostWrites(own.state, winner.state); }
};

NodeRegistration printer() {
  auto node = nodeOf(9);
  node.name = "printer";
  node.external.emplace().address = "10.9.9.9";
  return node;
}

}  // namespace

TEST_CASE("lost writes: what both sides have alike is not lost") {
  Split split;
  split.own.put("same", "1");
  split.winner.put("other", "1");
  split.winner.put("same", "1");
  CHECK(split.lost().empty());
  CHECK(split.lost().parted == Position{.term = 1, .writer = idOf(1), .index = 2});
}

TEST_CASE("lost writes: a key that was put stands with its value and what the winner has there") {
  Split split;
  split.own.put("new", "x");
  split.own.put("old", "2");
  split.winner.put("w", "1");
  const auto lost = split.lost();
  REQUIRE(lost.keys.size() == 2);
  CHECK(lost.keys[0] == LostKey{.key = "new",
                                .written = LostKey::Content{.value = "x", .flags = 0},
                                .winner = std::nullopt});
  CHECK(lost.keys[1] == LostKey{.key = "old",
                                .written = LostKey::Content{.value = "2", .flags = 0},
                                .winner = LostKey::Content{.value = "1", .flags = 0},
                                .winnerIndex = 1});
  CHECK(lost.last == split.own.state.position());
}

TEST_CASE("lost writes: what no client was told to be done stands as not acknowledged") {
  Split split;
  split.own.put("told", "x");
  const auto told = split.own.state.position().index;
  split.own.put("silent", "y");
  split.own.put("told", "z");
  split.winner.put("w", "1");
  auto lost = lostWrites(split.own.state, split.winner.state, told);
  lost.node = idOf(2);
  REQUIRE(lost.keys.size() == 2);
  CHECK(lost.keys[0].key == "silent");
  CHECK_FALSE(lost.keys[0].acknowledged);
  CHECK(lost.keys[1].acknowledged);
  CHECK(lost.summary() ==
        "wrote 2 keys and 0 registrations that the leader's registry does not have, and did not "
        "acknowledge 1 of them");
  CHECK(split.lost().summary() ==
        "wrote 2 keys and 0 registrations that the leader's registry does not have");
  CHECK(lostWritesFromJson(toJson(lost)).value() == lost);
}

TEST_CASE("lost writes: a key that was deleted is told, one that only the winner made is not") {
  Split split;
  split.own.erase("gone");
  split.winner.put("made", "1");
  const auto lost = split.lost();
  REQUIRE(lost.keys.size() == 1);
  CHECK(lost.keys[0] == LostKey{.key = "gone",
                                .written = std::nullopt,
                                .winner = LostKey::Content{.value = "1", .flags = 0},
                                .winnerIndex = 2});
}

TEST_CASE("lost writes: what both sides changed is contested, deletions too") {
  Split split;
  split.own.put("old", "2");
  split.winner.put("old", "3");
  split.own.put("gone", "2");
  split.winner.erase("gone");
  const auto lost = split.lost();
  REQUIRE(lost.keys.size() == 2);
  CHECK(lost.keys[0].contested);
  CHECK_FALSE(lost.keys[0].winner);
  CHECK(lost.keys[1].contested);
  CHECK(lost.keys[1].winnerIndex == 3);
}

TEST_CASE("lost writes: of copies without a known common past every difference is contested") {
  Split split;
  World stranger;
  stranger.leader = 7;
  stranger.put("old", "mine");
  const auto lost = lostWrites(stranger.state, split.winner.state);
  CHECK(lost.parted.index == 0);
  REQUIRE(lost.keys.size() == 1);
  CHECK(lost.keys[0].contested);
}

TEST_CASE(
    "lost writes: nodes that a client registered are lost, members tell of themselves again") {
  Split split;
  split.own.add(nodeOf(2));
  split.own.carryOut(decide::Decision<bool>{
      .changes = {{Table::Nodes, nodeKey(idOf(9)), toJson(printer())},
                  {Table::Services, serviceKey(idOf(9), "web-9"), toJson(test::serviceOf(9))}},
      .answer = true});
  const auto lost = split.lost();
  REQUIRE(lost.registrations.size() == 2);
  CHECK(lost.registrations[0].what == "node 'printer'");
  CHECK(lost.registrations[0].body.find(R"("Node":"printer","Address":"10.9.9.9")") !=
        std::string::npos);
  CHECK(lost.registrations[1].what == "service 'web-9' on 'printer'");
  CHECK(lost.registrations[1].body.find(R"("ID":"web-9")") != std::string::npos);
}

TEST_CASE("lost writes: a file is read as it was written, with any bytes in keys and values") {
  Split split;
  split.own.put(std::string("a\0\xFF", 3), "line\n");
  split.own.put("old", std::string(1, '\x80'));
  split.own.erase("gone");
  auto lost = split.lost();
  lost.node = idOf(2);
  lost.nodeName = "pi-2";
  lost.time = 1790000000;
  lost.registrations.push_back({.what = "node 'a'", .body = R"({"Node":"a"})", .contested = true});
  const auto again = lostWritesFromJson(toJson(lost));
  REQUIRE(again);
  CHECK(*again == lost);
}

TEST_CASE("lost writes: another file is refused") {
  CHECK_FALSE(lostWritesFromJson("{}"));
  CHECK_FALSE(lostWritesFromJson("[]"));
  CHECK_FALSE(lostWritesFromJson(R"({"node":"a"})"));
}

}  // namespace cluster_lab::registry

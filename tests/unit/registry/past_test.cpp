// What a copy knows of its past: lineage, history, graveyard, ages.
#include <doctest/doctest.h>

#include "fixture.hpp"
#include "registry/graveyard.hpp"
#include "registry/history.hpp"
#include "registry/lineage.hpp"
#include "registry/node_ages.hpp"
#include "registry/row_json.hpp"

namespace cluster_lab::registry {

using test::idOf;
using test::nodeOf;
using namespace std::chrono_literals;

Position at(std::uint64_t term, std::uint8_t writer, std::uint64_t index) {
  return {.term = term, .writer = idOf(writer), .index = index};
}

Entry entryAt(std::uint64_t index, const std::string& key = "k") {
  return {.at = at(1, 1, index), .changes = {{Table::Kv, key, R"({"value":""})"}}};
}

TEST_CASE("lineage: what was passed is on it, what another wrote under the same term is not") {
  Lineage lineage;
  for (std::uint64_t i = 1; i <= 5; ++i) lineage.extend(at(1, 1, i));
  for (std::uint64_t i = 6; i <= 8; ++i) lineage.extend(at(2, 2, i));
  CHECK(lineage.contains({}));
  CHECK(lineage.contains(at(1, 1, 5)));
  CHECK(lineage.contains(at(2, 2, 6)));
  CHECK_FALSE(lineage.contains(at(1, 1, 6)));
  CHECK_FALSE(lineage.contains(at(2, 2, 5)));
  CHECK_FALSE(lineage.contains(at(2, 2, 9)));
  CHECK_FALSE(lineage.contains(at(2, 3, 7)));
}

TEST_CASE("lineage: keeps the newest eras and says no to older ones") {
  Lineage lineage;
  for (std::uint64_t i = 1; i <= 100; ++i) lineage.extend(at(i, 1, i));
  CHECK(lineage.eras().size() == 64);
  CHECK(lineage.contains(at(100, 1, 100)));
  CHECK_FALSE(lineage.contains(at(1, 1, 1)));
}

TEST_CASE("history: gives what follows, and nothing when it has lost a part") {
  History history(3, 1 << 20);
  for (std::uint64_t i = 1; i <= 5; ++i) history.append(entryAt(i));
  CHECK(history.since(5, 5).value().empty());
  CHECK(history.since(2, 5).value().size() == 3);
  CHECK(history.since(4, 5).value().front().at.index == 5);
  CHECK_FALSE(history.since(1, 5));
  CHECK_FALSE(history.since(6, 5));
}

TEST_CASE("history: a gap makes it forget what was before") {
  History history(10, 1 << 20);
  history.append(entryAt(1));
  history.append(entryAt(5));
  CHECK_FALSE(history.since(1, 5));
  CHECK(history.since(4, 5));
}

TEST_CASE("history: keeps no more bytes than it may, not even of one change set") {
  History history(10, 1000);
  history.append(entryAt(1, std::string(5000, 'x')));
  CHECK_FALSE(history.since(0, 1));
  history.append(entryAt(2));
  CHECK(history.since(1, 2));
}

TEST_CASE("graveyard: a deletion counts for the prefixes of its key") {
  Graveyard graveyard;
  graveyard.bury("a/b", 7);
  CHECK(graveyard.indexUnder("a/") == 7);
  CHECK(graveyard.indexUnder("a/b") == 7);
  CHECK(graveyard.indexUnder("b") == 0);
}

TEST_CASE("graveyard: what it had to forget counts for every prefix") {
  Graveyard graveyard;
  for (std::uint64_t i = 1; i <= 1030; ++i) graveyard.bury("k" + std::to_string(i), i);
  CHECK(graveyard.indexUnder("other") == 6);
  CHECK(graveyard.indexUnder("k1030") == 1030);
}

TEST_CASE("node ages: count from first sight, follow the leader's, end with the node") {
  State state;
  const auto put = [&](std::uint64_t index, std::optional<std::string> value) {
    return state.apply(
        {.at = at(1, 1, index), .changes = {{Table::Nodes, nodeKey(idOf(1)), std::move(value)}}});
  };
  REQUIRE(put(1, toJson(nodeOf(1))));
  NodeAges ages;
  const TimePoint start{};
  ages.follow(state, start);
  ages.follow(state, start + 3s);
  CHECK(ages.at(start + 10s).at(idOf(1)) == 10s);
  ages.adopt({{idOf(1), 60s}, {idOf(9), 1s}}, start + 10s);
  CHECK(ages.at(start + 11s) == Ages{{idOf(1), 61s}});
  REQUIRE(put(2, std::nullopt));
  ages.follow(state, start + 12s);
  CHECK(ages.at(start + 12s).empty());
}

}  // namespace cluster_lab::registry

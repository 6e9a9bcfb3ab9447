#include "etcd/store_layout.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::etcd {
namespace {

using registry::Change;
using registry::Entry;
using registry::SnapshotRow;
using registry::Table;

Entry entryOf(std::uint64_t index, registry::ChangeSet changes) {
  return {.at = {.term = 1, .writer = {}, .index = index}, .changes = std::move(changes)};
}

Change put(const char* key, const char* value) {
  return {Table::Kv, key, value};
}

Change erased(const char* key) {
  return {Table::Kv, key, std::nullopt};
}

const std::string kA = "cluster-lab/rows/3/kv/a";
const std::string kB = "cluster-lab/rows/3/kv/b";

}  // namespace

TEST_CASE("etcd layout: a row comes back as it went, whatever bytes its key has") {
  const SnapshotRow row{Table::Kv, std::string("x/y z\0\xFF", 7), R"({"value":"a b"})", 4, 5};
  const auto written = putOf(3, row);
  CHECK(written.key == "cluster-lab/rows/3/kv/" + row.key);
  CHECK(written.value == R"(4 5 {"value":"a b"})");
  CHECK(readRow(3, {.key = written.key, .value = written.value}).value() == row);
}

TEST_CASE("etcd layout: what is no row of the generation is refused") {
  CHECK_FALSE(readRow(3, {.key = "cluster-lab/rows/4/kv/a", .value = "1 1 {}"}));
  CHECK_FALSE(readRow(3, {.key = "cluster-lab/rows/3/kv", .value = "1 1 {}"}));
  CHECK_FALSE(readRow(3, {.key = "cluster-lab/rows/3/unknown/a", .value = "1 1 {}"}));
  CHECK_FALSE(readRow(3, {.key = kA, .value = "1 {}"}));
  CHECK_FALSE(readRow(3, {.key = kA, .value = ""}));
}

TEST_CASE("etcd layout: the header comes back as it went") {
  StoredHeader stored{7, {}};
  stored.header.at = {.term = 2, .writer = {}, .index = 9};
  stored.header.at.writer.bytes[15] = 1;
  stored.header.lineage.extend(stored.header.at);
  CHECK(readHeader(toText(stored)).value() == stored);
  CHECK_FALSE(readHeader("{}"));
  CHECK_FALSE(readHeader("7 {}"));
}

TEST_CASE("etcd layout: change sets leave each key once, with the index that created it") {
  const std::vector<Entry> entries = {entryOf(8, {put("a", "1"), put("b", "1")}),
                                      entryOf(9, {put("a", "2")})};
  const auto outcome = outcomeOf(3, entries, {{kB, 2}});
  CHECK(outcome.puts == std::vector<Put>{{kA, "8 9 2"}, {kB, "2 8 1"}});
  CHECK(outcome.erases.empty());
  CHECK(outcome.created == CreateIndexes{{kA, 8}, {kB, 2}});
}

TEST_CASE("etcd layout: a key that is deleted and comes back was created then") {
  const std::vector<Entry> entries = {entryOf(8, {erased("a")}), entryOf(9, {put("a", "2")})};
  const auto outcome = outcomeOf(3, entries, {{kA, 2}});
  CHECK(outcome.puts == std::vector<Put>{{kA, "9 9 2"}});
  CHECK(outcome.erased.empty());
}

TEST_CASE("etcd layout: what comes and goes in the same transaction leaves nothing to delete") {
  const std::vector<Entry> entries = {entryOf(8, {put("a", "1"), erased("b")}),
                                      entryOf(9, {erased("a")})};
  const auto outcome = outcomeOf(3, entries, {{kB, 2}});
  CHECK(outcome.puts.empty());
  CHECK(outcome.erases == std::vector<Erase>{{kB}});
  CHECK(outcome.erased == std::vector<std::string>{kB});
}

TEST_CASE("etcd layout: many rows are written in parts, one that is larger alone") {
  const SnapshotRow small{Table::Kv, "a", std::string(20, 'x'), 1, 1};
  const SnapshotRow large{Table::Kv, "b", std::string(500, 'x'), 1, 1};
  const std::vector<SnapshotRow> rows = {small, small, small, large, small};
  std::vector<std::size_t> sizes;
  for (const auto& part : inParts(1, rows, 150)) sizes.push_back(part.size());
  CHECK(sizes == std::vector<std::size_t>{2, 1, 1, 1});
  CHECK(inParts(1, {}, 150).empty());
}

TEST_CASE("etcd layout: a transaction's size counts keys and values") {
  Transaction transaction;
  transaction.puts = {{std::string(10, 'k'), std::string(100, 'v')}};
  const auto one = sizeOf(transaction);
  CHECK(one >= 110);
  transaction.erases = {{std::string(10, 'k')}};
  CHECK(sizeOf(transaction) >= one + 10);
}

}  // namespace cluster_lab::etcd

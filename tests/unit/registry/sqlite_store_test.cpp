#include "registry/sqlite_store.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "fixture.hpp"
#include "registry/row_json.hpp"

namespace cluster_lab::registry {

namespace fs = std::filesystem;
using test::idOf;
using test::TemporaryFolder;

namespace {

Entry keyPut(std::uint64_t index, const std::string& key, std::optional<std::string> value) {
  Change change{Table::Kv, key, std::nullopt};
  if (value) {
    change.value = toJson(KvPair{.value = *value, .flags = 0, .lockIndex = 0, .session = {}});
  }
  return {.at = {.term = 1, .writer = idOf(1), .index = index}, .changes = {change}};
}

/// Stores the change set and carries it out.
void commit(Store::Opened& opened, const Entry& entry) {
  REQUIRE(opened.store->commit({&entry, 1}, opened.state.headerAfter({&entry, 1})));
  REQUIRE(opened.state.apply(entry));
}

std::size_t filesLike(const fs::path& folder, const std::string& part) {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    count += entry.path().string().find(part) != std::string::npos ? 1U : 0U;
  }
  return count;
}

}  // namespace

TEST_CASE("store: what was committed is there after opening again") {
  const TemporaryFolder folder;
  Snapshot written;
  {
    auto opened = SqliteStore::open(folder.path()).value();
    commit(opened, keyPut(1, std::string("a\0\xFF", 3), "x"));
    commit(opened, keyPut(2, "b", "y"));
    commit(opened, keyPut(3, "b", "z"));
    commit(opened, keyPut(4, "c", ""));
    commit(opened, keyPut(5, "c", std::nullopt));
    written = opened.state.snapshot();
  }
  const auto again = SqliteStore::open(folder.path()).value();
  CHECK(again.state.snapshot() == written);
  CHECK(again.store->position() == written.header.at);
}

TEST_CASE("store: what was committed is there after a power cut") {
  const TemporaryFolder folder;
  const TemporaryFolder copy;
  auto opened = SqliteStore::open(folder.path()).value();
  commit(opened, keyPut(1, "a", "x"));
  // The files as they are while the database is open: what a cut would leave.
  fs::copy(folder.path(), copy.path(), fs::copy_options::recursive);
  CHECK(SqliteStore::open(copy.path())->state.snapshot() == opened.state.snapshot());
}

TEST_CASE("store: a whole snapshot takes the place of everything") {
  const TemporaryFolder folder;
  const TemporaryFolder other;
  auto first = SqliteStore::open(folder.path()).value();
  commit(first, keyPut(1, "a", "x"));
  auto second = SqliteStore::open(other.path()).value();
  commit(second, keyPut(1, "b", "y"));
  REQUIRE(first.store->replaceAll(second.state.snapshot()));
  first.store.reset();
  CHECK(SqliteStore::open(folder.path())->state.snapshot() == second.state.snapshot());
}

TEST_CASE("store: a file that is no database is set aside, and opening again makes a new one") {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "registry.db") << std::string(5000, 'x');
  const auto opened = SqliteStore::open(folder.path());
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == ErrorCode::Corrupt);
  CHECK(opened.error().remedy.find("registry.db.corrupt-") != std::string::npos);
  CHECK(filesLike(folder.path(), "corrupt-") == 1);
  CHECK(SqliteStore::open(folder.path())->state.position() == Position{});
}

TEST_CASE("store: a damaged page is found when it is opened") {
  const TemporaryFolder folder;
  {
    auto opened = SqliteStore::open(folder.path()).value();
    for (std::uint64_t i = 1; i <= 20; ++i) {
      commit(opened, keyPut(i, std::to_string(i), std::string(2000, 'v')));
    }
  }
  std::fstream file(folder.path() / "registry.db");
  file.seekp(2 * 4096);
  file << std::string(8192, '\xFF');
  file.close();
  CHECK(SqliteStore::open(folder.path()).error().code == ErrorCode::Corrupt);
  CHECK(SqliteStore::open(folder.path()));
}

TEST_CASE("store: nothing is written between calls, also when it is opened and closed again") {
  const TemporaryFolder folder;
  {
    auto opened = SqliteStore::open(folder.path()).value();
    commit(opened, keyPut(1, "a", "x"));
  }
  const auto file = folder.path() / "registry.db";
  const auto before = fs::last_write_time(file);
  { const auto opened = SqliteStore::open(folder.path()).value(); }
  CHECK(fs::last_write_time(file) == before);
}

}  // namespace cluster_lab::registry

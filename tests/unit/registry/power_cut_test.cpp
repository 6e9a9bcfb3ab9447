// What a pulled plug, a bad card or another version leaves of the registry's file.
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <fstream>

#include "fixture.hpp"
#include "registry/database.hpp"
#include "registry/row_json.hpp"
#include "registry/sqlite_store.hpp"

namespace cluster_lab::registry {

namespace fs = std::filesystem;
using test::idOf;
using test::TemporaryFolder;

namespace {

constexpr const char* kFile = "registry.db";

/// Change set `index` puts the key "INDEX".
Entry putOf(std::uint64_t index) {
  const KvPair pair{.value = std::string(300, 'v'), .flags = 0, .lockIndex = 0, .session = {}};
  return {.at = {.term = 1, .writer = idOf(1), .index = index},
          .changes = {{Table::Kv, std::to_string(index), toJson(pair)}}};
}

void commitNext(Store::Opened& opened) {
  const auto entry = putOf(opened.state.position().index + 1);
  opened.store->commit({&entry, 1}, opened.state.headerAfter({&entry, 1})).value();
  opened.state.apply(entry).value();
}

/// A folder with a store of so many change sets, as a cut while it was open leaves it.
void fill(const fs::path& folder, int commits) {
  const TemporaryFolder open;
  auto opened = SqliteStore::open(open.path()).value();
  for (int i = 0; i < commits; ++i) commitNext(opened);
  fs::copy(open.path(), folder, fs::copy_options::recursive);
}

/// It holds the first change sets, all of each, and none behind them.
bool isWhole(const State& state) {
  return state.kv().size() == state.position().index &&
         (state.kv().empty() || state.kv().contains(std::to_string(state.position().index)));
}

/// A process that commits one change set after the other, and tells of each when it is stored.
class Committer {
 public:
  explicit Committer(const fs::path& folder) {
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    process_ = fork();
    if (process_ == 0) commitForEver(folder, ends[1]);
    close(ends[1]);
    told_ = ends[0];
  }
  ~Committer() { close(told_); }
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  /// Waits for so many, kills it, and gives how many change sets it had told to be stored.
  std::uint64_t killAfter(int commits) {
    for (int i = 0; i < commits; ++i) hear();
    kill(process_, SIGKILL);
    while (hear()) {
    }
    waitpid(process_, nullptr, 0);
    return last_;
  }

 private:
  [[noreturn]] static void commitForEver(const fs::path& folder, int tell) {
    auto opened = SqliteStore::open(folder);
    while (opened) {
      commitNext(*opened);
      const auto index = opened->state.position().index;
      if (write(tell, &index, sizeof index) != sizeof index) break;
    }
    _exit(1);
  }
  bool hear() { return read(told_, &last_, sizeof last_) == sizeof last_; }

  pid_t process_ = -1;
  int told_ = -1;
  std::uint64_t last_ = 0;
};

void openAgain(const fs::path& folder, ErrorCode expected) {
  const auto opened = SqliteStore::open(folder);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == expected);
  CHECK(opened.error().remedy.find("set aside") != std::string::npos);
  CHECK(SqliteStore::open(folder)->state.position() == Position{});
}

}  // namespace

TEST_CASE("power cut: whenever the daemon is killed, what was acknowledged is stored, whole") {
  const TemporaryFolder folder;
  std::uint64_t acknowledged = 0;
  for (int round = 0; round < 40; ++round) {
    acknowledged = Committer(folder.path()).killAfter(1 + round * 7 % 23);
    const auto opened = SqliteStore::open(folder.path());
    REQUIRE(opened);
    CHECK(opened->state.position().index >= acknowledged);
    CHECK(isWhole(opened->state));
  }
  CHECK(acknowledged > 40);
}

TEST_CASE("power cut: a log that was cut off anywhere gives the change sets before") {
  const TemporaryFolder whole;
  fill(whole.path(), 6);
  const auto size = fs::file_size(whole.path() / "registry.db-wal");
  std::uint64_t shortest = 6;
  for (std::uintmax_t left = 0; left < size; left += 1777) {
    const TemporaryFolder cut;
    fs::copy(whole.path(), cut.path(), fs::copy_options::recursive);
    fs::resize_file(cut.path() / "registry.db-wal", left);
    auto opened = SqliteStore::open(cut.path());
    REQUIRE(opened);
    CHECK(isWhole(opened->state));
    shortest = std::min(shortest, opened->state.position().index);
    commitNext(*opened);
  }
  CHECK(shortest == 0);
}

TEST_CASE("power cut: zeros at the end of the log are as if they were not there") {
  const TemporaryFolder folder;
  fill(folder.path(), 6);
  const auto log = folder.path() / "registry.db-wal";
  const auto size = fs::file_size(log);
  fs::resize_file(log, size - 5000);
  fs::resize_file(log, size + 5000);
  const auto opened = SqliteStore::open(folder.path());
  REQUIRE(opened);
  CHECK(isWhole(opened->state));
}

TEST_CASE("power cut: a torn last page, or a file of zeros, is set aside") {
  for (const bool zeros : {false, true}) {
    const TemporaryFolder folder;
    {  // closed, so that all is in the one file
      auto opened = SqliteStore::open(folder.path()).value();
      for (int i = 0; i < 60; ++i) commitNext(opened);
    }
    const auto file = folder.path() / kFile;
    const auto size = static_cast<std::size_t>(fs::file_size(file));
    fs::resize_file(file, zeros ? 0 : size - 3000);
    if (zeros) std::ofstream(file) << std::string(size, '\0');
    openAgain(folder.path(), ErrorCode::Corrupt);
  }
}

TEST_CASE("power cut: an empty file is a new one") {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / kFile).flush();
  CHECK(SqliteStore::open(folder.path())->state.position() == Position{});
}

TEST_CASE("formats: a file of format 1 is read, kept, and marked as ours") {
  const TemporaryFolder folder;
  fs::copy_file(CLUSTER_LAB_SOURCE_DIR "/tests/golden/registry/format-1.db", folder.path() / kFile);
  {
    auto opened = SqliteStore::open(folder.path()).value();
    CHECK(opened.state.position() == Position{.term = 1, .writer = idOf(1), .index = 4});
    CHECK(opened.state.kv().at("a").row.value == "x");
    CHECK(opened.state.findNode("pi-1") != nullptr);
    CHECK(opened.state.leases().size() == 1);
  }
  const auto database = Database::open(folder.path() / kFile).value();
  auto version = database->prepare("PRAGMA user_version").value();
  CHECK(version.run().value());
  CHECK(version.number(0) == 3);
}

TEST_CASE("formats: a newer one is refused, and left as it is") {
  const TemporaryFolder folder;
  { auto made = SqliteStore::open(folder.path()).value(); }
  Database::open(folder.path() / kFile).value()->execute("PRAGMA user_version=4").value();
  const auto before = fs::last_write_time(folder.path() / kFile);
  const auto opened = SqliteStore::open(folder.path());
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == ErrorCode::Unsupported);
  CHECK(opened.error().remedy.find("upgrade Cluster Lab") != std::string::npos);
  CHECK(fs::last_write_time(folder.path() / kFile) == before);
}

TEST_CASE("other cluster: its registry is set aside, ours stays") {
  const TemporaryFolder folder;
  {
    auto opened = SqliteStore::open(folder.path(), "home").value();
    commitNext(opened);
  }
  CHECK(SqliteStore::open(folder.path(), "home")->state.position().index == 1);
  const auto other = SqliteStore::open(folder.path(), "office");
  REQUIRE_FALSE(other);
  CHECK(other.error().code == ErrorCode::AlreadyExists);
  CHECK(other.error().remedy.find("registry.db.other-cluster-000001-") != std::string::npos);
  CHECK(SqliteStore::open(folder.path(), "office")->state.position() == Position{});
}

TEST_CASE("other cluster: the node goes on empty, and says so") {
  const TemporaryFolder folder;
  auto options = test::optionsFor(1, folder.path());
  options.clusterId = "home";
  { const auto before = Registry::open(options).value(); }
  options.clusterId = "office";
  std::string told;
  options.problem = [&](const std::string& code, const std::optional<Error>& problem) {
    if (problem) told += code;
  };
  CHECK(Registry::open(options));
  CHECK(told == "other_cluster");
}

}  // namespace cluster_lab::registry

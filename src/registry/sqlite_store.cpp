#include "registry/sqlite_store.hpp"

#include <limits>
#include <optional>
#include <utility>

#include "os/file.hpp"
#include "registry/database.hpp"
#include "registry/set_aside.hpp"
#include "registry/stream_json.hpp"

namespace cluster_lab::registry {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFileName = "registry.db";
constexpr std::uint64_t kFormat = 3;  // of what is in the tables below, kept in user_version

// No copy of the state is there: what the file holds is not known.
constexpr Position kNowhere{
    .term = std::numeric_limits<std::uint64_t>::max(), .writer = {}, .index = 0};

// Exclusive before WAL: the log's index is then in our memory, not in a shared file. FULL: on the
// card at commit. 64 KiB of pages are enough for a registry that is read once, at start.
constexpr const char* kPragmas =
    "PRAGMA locking_mode=EXCLUSIVE;"
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=FULL;"
    "PRAGMA cache_size=-64;"
    "PRAGMA wal_autocheckpoint=256;"
    "PRAGMA journal_size_limit=1048576;"
    "PRAGMA temp_store=MEMORY;";

constexpr const char* kTablesSql =
    "CREATE TABLE rows(tab TEXT NOT NULL, key BLOB NOT NULL, value TEXT NOT NULL,"
    " created INTEGER NOT NULL, modified INTEGER NOT NULL, PRIMARY KEY(tab, key));"
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;";

/// Ok, or Corrupt with what SQLite found.
Result<void> quickCheck(Database& database) {
  auto check = database.prepare("PRAGMA quick_check(1)");
  if (!check) return fail(check.error());
  const auto row = check->run();
  if (!row) return fail(row.error());
  const auto found = *row ? check->text(0) : "nothing";
  if (found == "ok") return {};
  return fail(ErrorCode::Corrupt, "the database is damaged: " + found);
}

Result<std::uint64_t> formatOf(Database& database) {
  auto version = database.prepare("PRAGMA user_version");
  if (!version) return fail(version.error());
  const auto row = version->run();
  if (!row) return fail(row.error());
  return version->number(0);
}

/// Makes the tables of a new file, and marks the format, all or nothing.
Result<void> bringToFormat(Database& database, std::uint64_t found) {
  Transaction transaction(database);
  if (auto done = transaction.begin(); !done) return done;
  if (found == 0) {
    if (auto made = database.execute(kTablesSql); !made) return made;
  }
  const auto mark = "PRAGMA user_version=" + std::to_string(kFormat);
  if (auto marked = database.execute(mark); !marked) return marked;
  return transaction.commit();
}

/// An old file must have a format that we know. Formats 1 and 2 are ones of fewer tables in the
/// column `tab`: they are read as they are, and marked, so that the version that wrote it refuses
/// what it would not understand.
Result<void> ensureFormat(Database& database) {
  const auto format = formatOf(database);
  if (!format) return fail(format.error());
  if (*format == kFormat) return {};
  if (*format < kFormat) return bringToFormat(database, *format);
  return fail(ErrorCode::Unsupported,
              "the registry was written by a newer Cluster Lab (format " + std::to_string(*format) +
                  ", this one knows " + std::to_string(kFormat) + ")",
              "upgrade Cluster Lab on this node, or move registry.db away");
}

}  // namespace

struct SqliteStore::Statements {
  Statement put;
  Statement erase;
  Statement header;
};

SqliteStore::SqliteStore(fs::path directory) : directory_(std::move(directory)) {}

SqliteStore::~SqliteStore() = default;

Result<Store::Opened> SqliteStore::open(const fs::path& directory, const std::string& cluster) {
  if (auto made = os::ensureDirectory(directory, 0750); !made) return fail(made.error());
  std::unique_ptr<SqliteStore> store(new SqliteStore(directory));
  auto state = store->loadState();
  if (auto ours = state ? store->claimFor(cluster) : Result<void>(); !ours) {
    state = fail(ours.error());
  }
  if (state) return Opened{std::move(store), *std::move(state)};

  const auto error = state.error().during("open the registry's store in " + directory.string());
  const bool foreign = error.code == ErrorCode::AlreadyExists;
  if (error.code != ErrorCode::Corrupt && !foreign) return fail(error);
  store.reset();
  const auto kept = setAside(directory / kFileName, foreign ? "other-cluster" : "corrupt");
  if (!kept) return fail(Error{ErrorCode::Corrupt, error.message, kept.error().text()});
  return fail(Error{error.code, error.message,
                    "it was set aside as " + kept->string() +
                        "; the node goes on with the cluster's copy, or an empty one"});
}

Store::Opened SqliteStore::unopened(const fs::path& directory) {
  std::unique_ptr<SqliteStore> store(new SqliteStore(directory));
  store->position_ = kNowhere;
  return {std::move(store), State()};
}

Result<State> SqliteStore::loadState() {
  if (auto opened = ensureOpen(); !opened) return fail(opened.error());
  const auto snapshot = load();
  if (!snapshot) return fail(snapshot.error());
  auto state = State::from(*snapshot);
  if (!state) return fail(ErrorCode::Corrupt, state.error().message);
  position_ = state->position();
  return state;
}

Result<void> SqliteStore::claimFor(const std::string& cluster) {
  if (cluster.empty()) return {};
  auto owner = database_->prepare("SELECT value FROM meta WHERE name='cluster'");
  if (!owner) return fail(owner.error());
  const auto found = owner->run();
  if (!found) return fail(found.error());
  if (*found) {
    const auto name = owner->text(0);
    if (name == cluster) return {};
    return fail(ErrorCode::AlreadyExists,
                "it is of the cluster '" + name + "', not of '" + cluster + "'");
  }
  auto claim = database_->prepare("INSERT INTO meta VALUES('cluster', ?1)");
  if (!claim) return fail(claim.error());
  const auto claimed = claim->run({std::string_view(cluster)});
  return claimed ? Result<void>() : fail(claimed.error());
}

Result<void> SqliteStore::ensureOpen() {
  if (statements_) return {};
  auto opened = openFile();
  if (opened || opened.error().code != ErrorCode::Io) return opened;
  if (auto writable = os::checkWritable(directory_); !writable) return writable;
  return opened;
}

Result<void> SqliteStore::openFile() {
  auto database = Database::open(directory_ / kFileName);
  if (!database) return fail(database.error());
  database_ = *std::move(database);
  if (auto done = database_->execute(kPragmas); !done) return done;
  if (auto done = quickCheck(*database_); !done) return done;
  if (auto done = ensureFormat(*database_); !done) return done;
  return prepare();
}

Result<void> SqliteStore::prepare() {
  auto put = database_->prepare(
      "INSERT INTO rows VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT(tab, key) DO UPDATE SET"
      " value=excluded.value, modified=excluded.modified");
  if (!put) return fail(put.error());
  auto erase = database_->prepare("DELETE FROM rows WHERE tab=?1 AND key=?2");
  if (!erase) return fail(erase.error());
  auto header = database_->prepare("INSERT OR REPLACE INTO meta VALUES('header', ?1)");
  if (!header) return fail(header.error());
  statements_.reset(new Statements{*std::move(put), *std::move(erase), *std::move(header)});
  return {};
}

Result<Snapshot> SqliteStore::load() {
  Snapshot snapshot;
  auto header = database_->prepare("SELECT value FROM meta WHERE name='header'");
  if (!header) return fail(header.error());
  const auto found = header->run();
  if (!found) return fail(found.error());
  if (!*found) return snapshot;
  auto parsed = stateHeaderFromJson(header->text(0));
  if (!parsed) return fail(ErrorCode::Corrupt, parsed.error().message);
  snapshot.header = *std::move(parsed);

  auto rows = database_->prepare("SELECT tab, key, value, created, modified FROM rows");
  if (!rows) return fail(rows.error());
  auto row = rows->run();
  for (; row && *row; row = rows->next()) {
    const auto table = parseTable(rows->text(0));
    if (!table) return fail(ErrorCode::Corrupt, table.error().message);
    snapshot.rows.push_back(
        {*table, rows->text(1), rows->text(2), rows->number(3), rows->number(4)});
  }
  if (!row) return fail(row.error());
  return snapshot;
}

Result<void> SqliteStore::commit(std::span<const Entry> entries, const StateHeader& after) {
  if (auto opened = ensureOpen(); !opened) return opened;
  Transaction transaction(*database_);
  if (auto done = transaction.begin(); !done) return done;
  for (const auto& entry : entries) {
    for (const auto& change : entry.changes) {
      if (auto done = carryOut(change, entry.at.index); !done) return done;
    }
  }
  if (auto done = writeHeader(after); !done) return done;
  if (auto done = transaction.commit(); !done) return done;
  position_ = after.at;
  return {};
}

Result<void> SqliteStore::replaceAll(const Snapshot& snapshot) {
  if (auto opened = ensureOpen(); !opened) return opened;
  Transaction transaction(*database_);
  if (auto done = transaction.begin(); !done) return done;
  if (auto done = database_->execute("DELETE FROM rows"); !done) return done;
  for (const auto& row : snapshot.rows) {
    if (auto done = put(row); !done) return done;
  }
  if (auto done = writeHeader(snapshot.header); !done) return done;
  if (auto done = transaction.commit(); !done) return done;
  position_ = snapshot.header.at;
  return {};
}

Result<void> SqliteStore::writeHeader(const StateHeader& header) {
  const auto done = statements_->header.run({toJson(header)});
  if (!done) return fail(done.error().during("store the header"));
  return {};
}

Result<void> SqliteStore::put(const SnapshotRow& row) {
  const auto done = statements_->put.run(
      {toString(row.table), Blob{row.key}, row.value, row.created, row.modified});
  if (!done) return fail(done.error().during("store row '" + row.key + "'"));
  return {};
}

Result<void> SqliteStore::carryOut(const Change& change, std::uint64_t index) {
  if (change.value) return put({change.table, change.key, *change.value, index, index});
  const auto done = statements_->erase.run({toString(change.table), Blob{change.key}});
  if (!done) return fail(done.error().during("delete row '" + change.key + "'"));
  return {};
}

}  // namespace cluster_lab::registry

#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "base/error.hpp"
#include "registry/store.hpp"

namespace cluster_lab::registry {

class Database;

/// The registry's file on this machine's card: an SQLite database with a row per row of the state.
/// One transaction for change sets that come together, on the card when the call returns. Nothing
/// is written between calls. One thread at a time.
class SqliteStore final : public Store {
 public:
  /// Opens or makes `registry.db` in the folder and reads it. Corrupt: it cannot be read;
  /// AlreadyExists: it is another cluster's; either way it has been set aside, and opening again
  /// makes a new one. Unsupported: a newer Cluster Lab wrote it. `cluster`: the cluster's id;
  /// empty: any.
  [[nodiscard]] static Result<Opened> open(const std::filesystem::path& directory,
                                           const std::string& cluster = {});
  /// One of that folder that is not opened before the first call, with an empty state: for a card
  /// that cannot be written now. It stands nowhere until replaceAll() succeeds.
  [[nodiscard]] static Opened unopened(const std::filesystem::path& directory);
  ~SqliteStore() override;

  [[nodiscard]] Result<void> commit(std::span<const Entry> entries,
                                    const StateHeader& after) override;
  [[nodiscard]] Result<void> replaceAll(const Snapshot& snapshot) override;
  [[nodiscard]] const Position& position() const override { return position_; }

 private:
  struct Statements;
  explicit SqliteStore(std::filesystem::path directory);
  /// Opens the database unless it is open.
  [[nodiscard]] Result<void> ensureOpen();
  [[nodiscard]] Result<void> openFile();
  [[nodiscard]] Result<void> prepare();
  [[nodiscard]] Result<Snapshot> load();
  [[nodiscard]] Result<State> loadState();
  /// Marks the file as that cluster's. AlreadyExists: it is marked as another's.
  [[nodiscard]] Result<void> claimFor(const std::string& cluster);
  [[nodiscard]] Result<void> writeHeader(const StateHeader& header);
  [[nodiscard]] Result<void> put(const SnapshotRow& row);
  [[nodiscard]] Result<void> carryOut(const Change& change, std::uint64_t index);

  std::filesystem::path directory_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Statements> statements_;  ///< after database_: goes first
  Position position_;
};

}  // namespace cluster_lab::registry

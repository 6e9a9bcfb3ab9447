#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "base/error.hpp"
#include "registry/state.hpp"

namespace cluster_lab::registry {

class Database;

/// The registry's file on this machine's card: an SQLite database with a row per row of the state.
/// One transaction for change sets that come together, on the card when the call returns. Nothing
/// is written between calls. One thread at a time.
class Store {
 public:
  struct Opened;
  /// Opens or makes `registry.db` in the folder and reads it. Corrupt: it cannot be read; it has
  /// been set aside, and opening again makes a new one. Unsupported: a newer Cluster Lab wrote it.
  [[nodiscard]] static Result<Opened> open(const std::filesystem::path& directory);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  /// All of them or none. `after`: the state's header once they have been carried out.
  [[nodiscard]] Result<void> commit(std::span<const Entry> entries, const StateHeader& after);
  /// Everything anew, in one transaction.
  [[nodiscard]] Result<void> replaceAll(const Snapshot& snapshot);
  /// Where the stored copy stands.
  [[nodiscard]] const Position& position() const { return position_; }
  /// Keeps the file under a dated name (of those so kept, the newest three) and goes on with an
  /// empty one. Gives the name.
  [[nodiscard]] Result<std::filesystem::path> setAside();

 private:
  struct Statements;
  explicit Store(std::filesystem::path directory);
  /// Opens the database unless it is open.
  [[nodiscard]] Result<void> ensureOpen();
  [[nodiscard]] Result<void> prepare();
  [[nodiscard]] Result<Snapshot> load();
  [[nodiscard]] Result<State> loadState();
  [[nodiscard]] Result<void> writeHeader(const StateHeader& header);
  [[nodiscard]] Result<void> put(const SnapshotRow& row);
  [[nodiscard]] Result<void> carryOut(const Change& change, std::uint64_t index);

  std::filesystem::path directory_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Statements> statements_;  ///< after database_: goes first
  Position position_;
};

struct Store::Opened {
  std::unique_ptr<Store> store;
  State state;
};

}  // namespace cluster_lab::registry

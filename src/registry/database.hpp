#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "base/error.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace cluster_lab::registry {

/// Bytes to bind, as opposed to text.
struct Blob {
  std::string_view bytes;
};
/// A value bound to a statement; what it views must live until the statement has run.
using Bound = std::variant<std::uint64_t, std::string_view, Blob>;

/// A prepared statement; may be run again and again.
class Statement {
 public:
  Statement(sqlite3* connection, sqlite3_stmt* statement);

  /// Binds the values and runs it to its first row. True: there is a row.
  [[nodiscard]] Result<bool> run(std::initializer_list<Bound> values = {});
  /// The next row. True: there is one.
  [[nodiscard]] Result<bool> next();
  [[nodiscard]] std::uint64_t number(int column) const;
  /// Text or bytes.
  [[nodiscard]] std::string text(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };

  sqlite3* connection_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// A connection to an SQLite file that no other process uses. One thread at a time. Errors:
/// Corrupt, Exhausted (no room on the disk), PermissionDenied, Io.
class Database {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Database>> open(const std::filesystem::path& file);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Runs statements without values and results.
  [[nodiscard]] Result<void> execute(const std::string& sql);
  [[nodiscard]] Result<Statement> prepare(std::string_view sql);

 private:
  explicit Database(sqlite3* connection) : connection_(connection) {}
  sqlite3* connection_;
};

/// Rolls back unless committed.
class Transaction {
 public:
  explicit Transaction(Database& database) : database_(database) {}
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  [[nodiscard]] Result<void> begin();
  [[nodiscard]] Result<void> commit();

 private:
  Database& database_;
  bool open_ = false;
};

}  // namespace cluster_lab::registry

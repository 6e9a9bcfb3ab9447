#include "registry/database.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <utility>

namespace cluster_lab::registry {
namespace {

// What SQLite may keep in memory before it gives pages back; a node has 512 MB for everything.
constexpr sqlite3_int64 kMemoryLimit = 1 << 20;

/// What SQLite calls an I/O error, by what the kernel said.
ErrorCode kindOfIo(int systemError) {
  switch (systemError) {
    case ENOSPC:
    case EDQUOT:
      return ErrorCode::Exhausted;
    case EROFS:
    case EACCES:
    case EPERM:
      return ErrorCode::PermissionDenied;
    default:
      return ErrorCode::Io;
  }
}

ErrorCode kindOf(int code, int systemError) {
  switch (code & 0xFF) {  // the primary code of an extended one
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ErrorCode::Corrupt;
    case SQLITE_FULL:
      return ErrorCode::Exhausted;
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH:
      return ErrorCode::PermissionDenied;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorCode::Conflict;
    default:
      return kindOfIo(systemError);
  }
}

std::unexpected<Error> failure(sqlite3* connection, const char* doing) {
  const auto kind = kindOf(sqlite3_extended_errcode(connection), sqlite3_system_errno(connection));
  return fail(Error{kind, sqlite3_errmsg(connection), {}}.during(doing));
}

int bind(sqlite3_stmt* statement, int column, const Bound& value) {
  if (const auto* number = std::get_if<std::uint64_t>(&value)) {
    return sqlite3_bind_int64(statement, column, static_cast<sqlite3_int64>(*number));
  }
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    return sqlite3_bind_text64(statement, column, text->data(), text->size(), SQLITE_STATIC,
                               SQLITE_UTF8);
  }
  const auto bytes = std::get<Blob>(value).bytes;
  return sqlite3_bind_blob64(statement, column, bytes.data(), bytes.size(), SQLITE_STATIC);
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Statement::Statement(sqlite3* connection, sqlite3_stmt* statement)
    : connection_(connection), statement_(statement) {}

Result<bool> Statement::run(std::initializer_list<Bound> values) {
  sqlite3_reset(statement_.get());
  int column = 0;
  for (const auto& value : values) {
    if (bind(statement_.get(), ++column, value) != SQLITE_OK) {
      return failure(connection_, "bind a value");
    }
  }
  return next();
}

Result<bool> Statement::next() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) {
    auto error = failure(connection_, "run a statement");
    sqlite3_reset(statement_.get());
    return error;
  }
  sqlite3_reset(statement_.get());
  return false;
}

std::uint64_t Statement::number(int column) const {
  return static_cast<std::uint64_t>(sqlite3_column_int64(statement_.get(), column));
}

std::string Statement::text(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return bytes == nullptr ? std::string() : std::string(bytes, size);
}

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& file) {
  sqlite3_soft_heap_limit64(kMemoryLimit);
  sqlite3* connection = nullptr;
  const int code =
      sqlite3_open_v2(file.c_str(), &connection,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  std::unique_ptr<Database> database(new Database(connection));  // closes it, opened or not
  if (code != SQLITE_OK) return failure(connection, "open the database");
  return database;
}

Database::~Database() {
  sqlite3_close_v2(connection_);
}

Result<void> Database::execute(const std::string& sql) {
  if (sqlite3_exec(connection_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return failure(connection_, "run a statement");
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(connection_, sql.data(), static_cast<int>(sql.size()), &statement,
                         nullptr) != SQLITE_OK) {
    return failure(connection_, "prepare a statement");
  }
  return Statement(connection_, statement);
}

Transaction::~Transaction() {
  if (!open_) return;
  // Where this fails, SQLite has rolled back by itself.
  [[maybe_unused]] const auto rolledBack = database_.execute("ROLLBACK");
}

Result<void> Transaction::begin() {
  auto begun = database_.execute("BEGIN IMMEDIATE");
  open_ = begun.has_value();
  return begun;
}

Result<void> Transaction::commit() {
  auto done = database_.execute("COMMIT");
  if (done) open_ = false;
  return done;
}

}  // namespace cluster_lab::registry

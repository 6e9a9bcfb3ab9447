#include "os/log.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <syslog.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <vector>

#include "os/log_tail.hpp"

namespace cluster_lab::os::log {
namespace {

struct Level {
  int priority;  ///< syslog(3)
  std::string_view name;
  LogLevel forTails;
};
constexpr Level kDebug{LOG_DEBUG, "DEBUG", LogLevel::Debug};
constexpr Level kInfo{LOG_INFO, "INFO", LogLevel::Info};
constexpr Level kWarning{LOG_WARNING, "WARNING", LogLevel::Warning};
constexpr Level kError{LOG_ERR, "ERROR", LogLevel::Error};

std::atomic<bool> debugEnabled{false};
const auto kStart = std::chrono::steady_clock::now();

/// systemd.exec(5): standard error is the journal's when JOURNAL_STREAM names its device and inode.
/// A child that was given another standard error inherits the variable all the same.
bool stderrIsJournal() {
  const char* const stream = std::getenv("JOURNAL_STREAM");
  struct stat status {};
  if (stream == nullptr || fstat(STDERR_FILENO, &status) != 0) return false;
  return fmt::format("{}:{}", status.st_dev, status.st_ino) == stream;
}

bool writeToJournal(const Level& level, std::string_view message,
                    std::initializer_list<Field> fields) {
  std::vector<std::string> lines;
  lines.reserve(fields.size() + 2);
  lines.push_back(fmt::format("MESSAGE={}", message));
  lines.push_back(fmt::format("PRIORITY={}", level.priority));
  for (const auto& field : fields) {
    lines.push_back(fmt::format("CLUSTER_LAB_{}={}", field.name, field.value));
  }
  std::vector<iovec> vectors;
  vectors.reserve(lines.size());
  for (auto& line : lines) vectors.push_back({line.data(), line.size()});
  return sd_journal_sendv(vectors.data(), static_cast<int>(vectors.size())) == 0;
}

/// One line stays one line, whatever the wire or a child put into it.
void appendPrintable(fmt::memory_buffer& line, std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      fmt::format_to(std::back_inserter(line), "\\x{:02x}", byte);
    } else {
      line.push_back(c);
    }
  }
}

void writeToStderr(const Level& level, std::string_view message,
                   std::initializer_list<Field> fields) {
  const std::chrono::duration<double> since = std::chrono::steady_clock::now() - kStart;
  fmt::memory_buffer line;
  fmt::format_to(std::back_inserter(line), "{:.3f} {} ", since.count(), level.name);
  appendPrintable(line, message);
  for (const auto& field : fields) {
    fmt::format_to(std::back_inserter(line), " {}=", field.name);
    appendPrintable(line, field.value);
  }
  line.push_back('\n');
  // One call, so that lines of several threads do not mix. Nobody to tell when it fails.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

void write(const Level& level, std::string_view message, std::initializer_list<Field> fields) {
  static const bool kToJournal = stderrIsJournal();
  showTails(level.forTails, message);
  if (kToJournal && writeToJournal(level, message, fields)) return;
  writeToStderr(level, message, fields);
}

}  // namespace

void debug(std::string_view message, std::initializer_list<Field> fields) {
  if (debugEnabled) return write(kDebug, message, fields);
  if (debugIsWatched()) showTails(LogLevel::Debug, message);
}

void info(std::string_view message, std::initializer_list<Field> fields) {
  write(kInfo, message, fields);
}

void warning(std::string_view message, std::initializer_list<Field> fields) {
  write(kWarning, message, fields);
}

void error(std::string_view message, std::initializer_list<Field> fields) {
  write(kError, message, fields);
}

void enableDebug(bool on) {
  debugEnabled = on;
}

}  // namespace cluster_lab::os::log

#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cluster_lab::os {

enum class LogLevel : std::uint8_t { Debug, Info, Warning, Error };

/// What the log writes from now on, for somebody who watches. Lines that are not taken are kept,
/// the newest 1024. Any thread.
class LogTail {
 public:
  struct Line {
    LogLevel level;
    std::string message;
  };

  /// Of that level and above; debug lines come also where the log does not write them.
  explicit LogTail(LogLevel least);
  ~LogTail();
  LogTail(const LogTail&) = delete;
  LogTail& operator=(const LogTail&) = delete;

  /// The next line; waits for it, at most `longest`.
  [[nodiscard]] std::optional<Line> next(std::chrono::milliseconds longest);

  struct Impl;

 private:
  std::shared_ptr<Impl> impl_;
};

namespace log {
/// Hands the line to all who watch; the log calls it.
void showTails(LogLevel level, std::string_view message);
/// Does one of them want debug lines?
[[nodiscard]] bool debugIsWatched();
}  // namespace log

}  // namespace cluster_lab::os

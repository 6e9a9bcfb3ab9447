#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "daemon/status.hpp"

namespace cluster_lab::os {
class EventLoop;
}

namespace cluster_lab::daemon {

/// Collects the problems, tells systemd the state in one line, and answers GET /cluster/v1/status.
/// Loop thread only, but for json() and tell().
class StatusBoard {
 public:
  explicit StatusBoard(os::EventLoop& loop);

  /// `gather` fills in everything but the problems; called on the loop thread from now on. Without
  /// it the status is empty.
  void gatherBy(std::function<Status()> gather);
  /// How json() learns of the board: called on the thread that asks. Before the first json().
  void readBoardBy(std::function<std::optional<board::Board>()> read);

  /// Raises a problem, or replaces the one of that code; logged when it is new or different.
  void raise(const std::string& code, const Error& error);
  void clear(const std::string& code);
  /// From any thread: soon raises the problem, or clears it where there is none.
  void tell(const std::string& code, const std::optional<Error>& problem);
  /// Tells systemd, if the line is another than before.
  void refresh();
  /// From any thread: asks the loop and waits; says so when the loop does not answer within 2 s.
  /// Reads the board meanwhile.
  [[nodiscard]] std::string json();

 private:
  [[nodiscard]] Status current() const;

  os::EventLoop& loop_;
  std::function<Status()> gather_;
  std::function<std::optional<board::Board>()> readBoard_;
  std::map<std::string, Error> problems_;
  std::string lastLine_;
};

}  // namespace cluster_lab::daemon

#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>

#include "base/error.hpp"

namespace cluster_lab::os {

struct Command;

/// How a program ended that was run to its end.
struct CommandEnd {
  std::optional<int> exitStatus;  ///< nothing: a signal killed it
  bool timedOut = false;          ///< it was killed because it took too long
  std::string output;             ///< the end of what it printed (stdout and stderr)
  std::size_t printed = 0;        ///< how many bytes that was in all
};

/// Limits of a program that is run to its end.
struct CommandLimits {
  std::chrono::milliseconds time{30000};
  std::size_t output = 4096;  ///< so many bytes of the end of its output are kept
};

/// Runs a program and waits for its end. When its time is over, or when asked to stop (seen within
/// 100 ms), it is killed with all that it started. Blocks; any thread, which must outlive the
/// program. NotFound and others: it could not be started.
[[nodiscard]] Result<CommandEnd> runCommand(const Command& command, const CommandLimits& limits,
                                            const std::stop_token& stop = {});

}  // namespace cluster_lab::os

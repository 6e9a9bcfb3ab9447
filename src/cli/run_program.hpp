#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace cluster_lab::cli {

struct ProgramResult {
  bool succeeded = false;  ///< exit status 0
  std::string how;         ///< "exit status 1", "killed by SIGSEGV"
  std::string output;      ///< standard output and error, lines
};

/// Runs a program to its end. Blocks. NotFound: no such program; TimedOut: killed after `limit`.
[[nodiscard]] Result<ProgramResult> runProgram(const std::vector<std::string>& arguments,
                                               std::chrono::milliseconds limit);

}  // namespace cluster_lab::cli

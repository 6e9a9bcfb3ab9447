#pragma once

#include <string>

#include "cli/command_line.hpp"

namespace cluster_lab::cli {

/// Tells the error and what to do on standard error, and gives the exit code for it.
[[nodiscard]] Exit complain(const Error& error);
[[nodiscard]] Exit exitFor(bool well);
/// Any JSON, wide, with a line end.
[[nodiscard]] std::string pretty(const std::string& json);

}  // namespace cluster_lab::cli

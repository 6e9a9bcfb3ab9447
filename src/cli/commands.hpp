#pragma once

#include "cli/command_line.hpp"
#include "cli/style.hpp"

namespace cluster_lab::cli {

/// Does what the invocation asks for: prints to standard output, errors to standard error. Blocks.
[[nodiscard]] Exit runCommand(const Invocation& invocation, const Style& style);

}  // namespace cluster_lab::cli

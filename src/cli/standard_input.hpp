#pragma once

#include <optional>
#include <string>

namespace cluster_lab::cli {

/// All of standard input, byte for byte. Blocks until its end.
[[nodiscard]] std::string readStandardInput();
/// `operand` as it is; "-", or none: all of standard input.
[[nodiscard]] std::string orStandardInput(const std::optional<std::string>& operand);

}  // namespace cluster_lab::cli

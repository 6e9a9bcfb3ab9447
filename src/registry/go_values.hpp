#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/error.hpp"

namespace cluster_lab::registry {

/// Reads a duration as Go's time.ParseDuration does: "300ms", "1.5h", "-2m30s", "0". A number
/// without unit is wrong. Far beyond any use it is cut to a year. An error is in Go's words.
[[nodiscard]] Result<std::chrono::nanoseconds> parseGoDuration(std::string_view text);

/// Reads a decimal number as Go's strconv.ParseUint does: digits only, up to 64 bits.
[[nodiscard]] std::optional<std::uint64_t> parseGoUnsigned(std::string_view text);

}  // namespace cluster_lab::registry

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace cluster_lab {

/// The parts between the separators; always at least one. The views live as long as `text`.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
/// Without blanks, tabs and line ends on both sides.
[[nodiscard]] std::string_view trim(std::string_view text);
/// A decimal number within [least, most]; a sign only for a negative one. InvalidArgument says what
/// was expected.
[[nodiscard]] Result<std::int64_t> parseInteger(std::string_view text, std::int64_t least,
                                                std::int64_t most);
/// A hexadecimal number without prefix, at most 16 digits.
[[nodiscard]] Result<std::uint64_t> parseHex(std::string_view text);
/// Two lower case hexadecimal digits.
[[nodiscard]] std::string hex(std::uint8_t byte);
/// A host name label: letters, digits and inner hyphens, 1 to 63 characters (RFC 1123 section 2.1).
[[nodiscard]] bool isHostLabel(std::string_view text);
[[nodiscard]] std::string toLower(std::string_view text);

}  // namespace cluster_lab

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cluster_lab::cli {

/// "5 s", "2 min", "1 h 6 min", "2 d 7 h".
[[nodiscard]] std::string durationText(std::int64_t seconds);
/// "1 node", "3 nodes".
[[nodiscard]] std::string countText(std::size_t number, std::string_view noun);
/// "a", "a and b", "a, b and c".
[[nodiscard]] std::string listText(const std::vector<std::string>& words);
/// The text with every control character replaced by '?': what came over the wire must not steer a
/// terminal.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace cluster_lab::cli

#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace cluster_lab {

/// Who a node is: a UUID (RFC 9562) made once and kept in its data directory. Name and address are
/// attributes and may change. Default: all zero, nobody.
struct NodeId {
  std::array<std::uint8_t, 16> bytes{};

  /// Reads "8-4-4-4-12" hexadecimal digits.
  [[nodiscard]] static Result<NodeId> parse(std::string_view text);
  /// A version 4 UUID out of 16 random bytes (RFC 9562 section 5.4).
  [[nodiscard]] static NodeId fromRandom(std::array<std::uint8_t, 16> random);
  [[nodiscard]] bool isNobody() const { return *this == NodeId{}; }
  [[nodiscard]] std::string toString() const;
  constexpr auto operator<=>(const NodeId&) const = default;
};

}  // namespace cluster_lab

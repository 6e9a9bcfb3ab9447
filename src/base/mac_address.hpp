#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace cluster_lab {

/// An Ethernet address (IEEE 802, 48 bits). Default: all zero. Ordered as numbers, byte by byte.
struct MacAddress {
  std::array<std::uint8_t, 6> bytes{};

  /// Reads "b8:27:eb:00:00:01", upper or lower case.
  [[nodiscard]] static Result<MacAddress> parse(std::string_view text);
  [[nodiscard]] static constexpr MacAddress broadcast() {
    return {{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}};
  }
  [[nodiscard]] std::string toString() const;
  constexpr auto operator<=>(const MacAddress&) const = default;
};

}  // namespace cluster_lab

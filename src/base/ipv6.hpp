#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string_view>

#include "base/error.hpp"

namespace cluster_lab {

/// An IPv6 address. Default: ::, which means "none" (RFC 4291 section 2.5.2).
struct Ipv6 {
  std::array<std::uint8_t, 16> bytes{};

  /// Reads the text forms of RFC 4291 section 2.2, without zone. InvalidArgument names the text.
  [[nodiscard]] static Result<Ipv6> parse(std::string_view text);

  auto operator<=>(const Ipv6&) const = default;
};

}  // namespace cluster_lab

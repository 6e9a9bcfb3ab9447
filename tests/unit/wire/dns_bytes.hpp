#pragma once

#include <string_view>

#include "base/text.hpp"
#include "wire/bytes.hpp"

namespace cluster_lab::wire {

/// Bytes out of their hexadecimal digits.
inline Bytes fromHex(std::string_view digits) {
  Bytes bytes;
  for (; digits.size() >= 2; digits.remove_prefix(2)) {
    bytes.push_back(static_cast<std::uint8_t>(parseHex(digits.substr(0, 2)).value()));
  }
  return bytes;
}

}  // namespace cluster_lab::wire

#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace cluster_lab::registry {

/// Standard alphabet with padding (RFC 4648 section 4).
[[nodiscard]] std::string toBase64(std::string_view bytes);
/// InvalidArgument: another character, or padding that does not fit.
[[nodiscard]] Result<std::string> fromBase64(std::string_view text);

}  // namespace cluster_lab::registry

#pragma once

#include <string>
#include <string_view>

namespace cluster_lab::os {

/// The SHA-256 digest of the bytes (FIPS 180-4), in 64 hexadecimal digits. Any thread.
[[nodiscard]] std::string sha256(std::string_view bytes);

}  // namespace cluster_lab::os

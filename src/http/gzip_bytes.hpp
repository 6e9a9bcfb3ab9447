#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace cluster_lab::http {

/// The bytes compressed, as RFC 1952 has it. Exhausted: no memory.
[[nodiscard]] Result<std::string> gzip(std::string_view bytes);
/// What was compressed. Corrupt: no gzip data, or cut off; Exhausted: it would be more than `most`.
[[nodiscard]] Result<std::string> gunzip(std::string_view bytes, std::size_t most);

}  // namespace cluster_lab::http

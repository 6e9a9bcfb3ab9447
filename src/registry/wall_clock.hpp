#pragma once

#include <cstdint>

namespace cluster_lab::registry {

/// Unix seconds; 0: the clock was never set, a Pi boots in 1970.
[[nodiscard]] std::int64_t wallClock();

}  // namespace cluster_lab::registry

#pragma once

#include <cstdint>
#include <string>

namespace cluster_lab::cli {

/// "2026-01-02 03:04:05", in this machine's time zone.
[[nodiscard]] std::string localTime(std::int64_t seconds);

}  // namespace cluster_lab::cli

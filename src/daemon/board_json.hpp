#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "board/readings.hpp"

namespace cluster_lab::daemon {

/// The member "board" of the status (docs/registry.md); null where there is none.
[[nodiscard]] nlohmann::ordered_json boardJson(const std::optional<board::Board>& board);

}  // namespace cluster_lab::daemon

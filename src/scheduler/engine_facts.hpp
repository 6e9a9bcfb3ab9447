#pragma once

#include <string_view>

#include "base/error.hpp"
#include "registry/records.hpp"

namespace cluster_lab::scheduler {

/// Takes what Docker Engine's GET /info answers (API 1.24 and later) into `engine`; who and where
/// it is stays. InvalidArgument: this is no such answer; nothing was taken.
[[nodiscard]] Result<void> takeEngineInfo(std::string_view infoJson, registry::Engine& engine);
/// The same node without an engine.
void clearEngineFacts(registry::Engine& engine);

}  // namespace cluster_lab::scheduler

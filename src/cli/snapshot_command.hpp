#pragma once

#include "cli/command_line.hpp"
#include "cli/registry_client.hpp"

namespace cluster_lab::cli {

/// `snapshot save|restore|inspect FILE`. Blocks.
[[nodiscard]] Exit runSnapshot(const Invocation& invocation, const RegistryClient& registry);

}  // namespace cluster_lab::cli

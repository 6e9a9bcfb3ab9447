#pragma once

#include "cli/command_line.hpp"
#include "cli/registry_client.hpp"
#include "cli/style.hpp"

namespace cluster_lab::cli {

/// `kv get|put|delete|list|export|import`. Values go through standard input and output byte for
/// byte. Blocks.
[[nodiscard]] Exit runKv(const Invocation& invocation, const RegistryClient& registry,
                         const Style& style);

}  // namespace cluster_lab::cli

#pragma once

#include "cli/command_line.hpp"
#include "cli/registry_client.hpp"
#include "cli/style.hpp"

namespace cluster_lab::cli {

/// `cluster-lab lost ...`
[[nodiscard]] Exit runLost(const Invocation& invocation, const RegistryClient& registry,
                           const Style& style);

}  // namespace cluster_lab::cli

#pragma once

#include "cli/command_line.hpp"
#include "cli/registry_client.hpp"
#include "cli/style.hpp"

namespace cluster_lab::cli {

/// `cluster-lab registry`: shows where the registry is kept, moves and recovers it. Prints to
/// standard output; recovery asks on standard input.
[[nodiscard]] Exit runStorage(const Invocation& invocation, const RegistryClient& registry,
                              const Style& style);

}  // namespace cluster_lab::cli

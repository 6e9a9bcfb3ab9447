#pragma once

#include "cli/command_line.hpp"
#include "cli/registry_client.hpp"
#include "cli/style.hpp"

/// The commands that show what the registry knows. They print to standard output and block.
namespace cluster_lab::cli {

/// All services, or the instances of one; with --watch until it is interrupted.
[[nodiscard]] Exit showServices(const Invocation& invocation, const RegistryClient& registry,
                                const Style& style);
[[nodiscard]] Exit showMembers(const Invocation& invocation, const RegistryClient& registry,
                               const Style& style);
/// Shows events or the history, or fires an event.
[[nodiscard]] Exit runEvents(const Invocation& invocation, const RegistryClient& registry,
                             const Style& style);

/// `cluster-lab forget NODE`
[[nodiscard]] Exit forgetNode(const Invocation& invocation, const RegistryClient& registry);

}  // namespace cluster_lab::cli

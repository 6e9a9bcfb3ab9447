#pragma once

#include <vector>

#include "cli/daemon_client.hpp"
#include "cli/dependencies.hpp"
#include "cli/facts.hpp"
#include "config/settings.hpp"

namespace cluster_lab::cli {

/// Looks up each: the programs in PATH, the modules of the running kernel. Blocks while the
/// programs tell their versions.
[[nodiscard]] std::vector<DependencyState> findDependencies(LinkKind kind);

/// Looks at the machine, the daemon and the leader, and changes nothing. Blocks, some seconds where
/// something does not answer. `configurationError`: why `settings` are only the defaults; empty:
/// they are not.
[[nodiscard]] Facts gatherFacts(const DaemonClient& daemon, const config::Settings& settings,
                                const std::string& configurationError);

}  // namespace cluster_lab::cli

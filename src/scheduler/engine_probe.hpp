#pragma once

#include <string>

#include "base/error.hpp"
#include "registry/records.hpp"

namespace cluster_lab::scheduler {

/// Asks the Docker Engine behind that unix socket what it is and takes the answer into `engine`,
/// whose identity (node, name, address, labels) stays. Blocks, 3 s at most. No engine there: its
/// facts are empty, success. PermissionDenied, TimedOut, InvalidArgument: they are empty, too, and
/// this is why.
Result<void> probeEngine(const std::string& socketPath, registry::Engine& engine);

}  // namespace cluster_lab::scheduler

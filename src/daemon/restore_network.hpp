#pragma once

#include "base/error.hpp"
#include "config/settings.hpp"

namespace cluster_lab::daemon {

/// Puts the network back as it was before the daemon ran, after one that was killed: removes the
/// cluster link where the daemon made it, and the cluster's addresses from an interface that it
/// found (link kind none). The LED shows what it did, too. Nothing of that there: success. Not
/// while the daemon runs.
[[nodiscard]] Result<void> restoreNetwork(const config::Settings& settings);

}  // namespace cluster_lab::daemon

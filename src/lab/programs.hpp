#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"

namespace cluster_lab::lab {

/// The daemon to run in the nodes and the options that tell it where its parts are: those of the
/// build tree that this program stands in, else the installed ones. NotFound: there is no daemon.
[[nodiscard]] Result<std::vector<std::string>> daemonCommand();

}  // namespace cluster_lab::lab

#pragma once

#include <string>
#include <vector>

namespace cluster_lab::lab {

/// Runs `cluster-lab lab ARGUMENTS...`: {"up", "3"}, {"ls", "--json"}. Gives the exit code: 0 done,
/// 1 failed (said on standard error), 2 not understood. `exec` does not return when it succeeds.
/// Blocks until done. Needs root for everything but help.
[[nodiscard]] int run(const std::vector<std::string>& arguments);

}  // namespace cluster_lab::lab

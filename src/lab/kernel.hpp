#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace cluster_lab::lab {

/// Changes with every boot of this machine.
[[nodiscard]] std::string bootId();
/// The running program's own file.
[[nodiscard]] std::filesystem::path ownProgram();

/// Runs `call` on a thread of its own in the network namespace of process `pid` and waits for it.
/// Unavailable: there is no such process.
[[nodiscard]] Result<void> inNetworkOf(int pid, const std::function<void()>& call);

/// Why this kernel cannot make a link of the kind ("vlan", "vxlan"); empty: it can. Tried in a
/// network namespace that is thrown away.
[[nodiscard]] std::string whyNoLink(std::string_view kind);

}  // namespace cluster_lab::lab

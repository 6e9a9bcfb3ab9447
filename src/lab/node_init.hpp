#pragma once

#include <csignal>
#include <string_view>

#include "lab/machine_spec.hpp"

namespace cluster_lab::lab {

/// Asks a running node's first process to start the daemon, if that is not running, and to tell
/// anew in kDaemonFile how it is.
inline constexpr int kStartDaemonSignal = SIGUSR1;
/// The file in the machine's directory that tells what the daemon does: kDaemonRuns, or how it
/// ended.
inline constexpr const char* kDaemonFile = "daemon";
inline constexpr std::string_view kDaemonRuns = "running";

/// The first process of a virtual node: sets up host name, mounts and network, runs the daemon and
/// reaps what ends. Where the daemon was killed it restores the network, and does not start it anew
/// by itself. Returns only when it failed.
[[nodiscard]] int runNodeInit(const MachineSpec& spec);

}  // namespace cluster_lab::lab

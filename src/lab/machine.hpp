#pragma once

#include <functional>

#include "lab/lab_state.hpp"
#include "lab/machine_spec.hpp"

namespace cluster_lab::lab {

/// Puts the cable into the network namespace of process `pid`.
using ConnectCable = std::function<Result<void>(int pid)>;

/// Makes a machine: network, mount, process, host name and IPC namespace of its own, and in them
/// its first process (node_init.hpp), which outlives this one. Starts nothing in it before
/// `connect` has succeeded. killAndWait() on what this gives is a power cut.
[[nodiscard]] Result<ProcessId> powerOn(const MachineSpec& spec, const ConnectCable& connect);

}  // namespace cluster_lab::lab

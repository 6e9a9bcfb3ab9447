#pragma once

#include <string>
#include <vector>

#include "lab/lab_state.hpp"

namespace cluster_lab::lab {

/// What execve(2) wants: a pointer to each word, and a last one to nothing. Valid as long as
/// `words`.
[[nodiscard]] std::vector<char*> argumentPointers(const std::vector<std::string>& words);

/// Runs a program (looked up in PATH) to its end. Blocks. Io: it ended with a failure; the message
/// holds what it said.
[[nodiscard]] Result<void> runProgram(const std::vector<std::string>& arguments);
/// Becomes that program; returns only if that failed.
[[nodiscard]] Error becomeProgram(const std::vector<std::string>& arguments);

/// The process with this number as it is now; pid 0: there is none, or it has ended.
[[nodiscard]] ProcessId identify(int pid);
/// Is exactly this process there? Not for one that has ended and was not reaped.
[[nodiscard]] bool isAlive(const ProcessId& process);
/// Sends a signal to exactly this process; false: it is gone.
bool sendSignal(const ProcessId& process, int signal);
/// SIGKILL, and waits until it has ended with all that a namespace of its own held. TimedOut after
/// 10 s.
[[nodiscard]] Result<void> killAndWait(const ProcessId& process);

}  // namespace cluster_lab::lab

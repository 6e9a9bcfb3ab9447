#pragma once

#include <sys/types.h>

#include "base/error.hpp"
#include "os/file_descriptor.hpp"

namespace cluster_lab::os {

struct Command;

/// A program that runs, and the reading end of its stdout and stderr (not blocking). The caller
/// reaps it.
struct Spawned {
  pid_t pid = -1;
  FileDescriptor output;
};

/// Starts the program with clean signals, in a process group of its own, with no descriptor but the
/// standard ones and with stdin on /dev/null; SIGKILL comes to it when the calling *thread* ends
/// (PR_SET_PDEATHSIG). Returns when exec has succeeded; NotFound and others when it has not.
[[nodiscard]] Result<Spawned> spawn(const Command& command);

}  // namespace cluster_lab::os

#include "lab/machine.hpp"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "lab/kernel.hpp"
#include "lab/process.hpp"
#include "os/file_descriptor.hpp"
#include "os/system_error.hpp"

namespace cluster_lab::lab {
namespace {

/// What the newborn process needs; it has a copy of this one's memory.
struct Birth {
  std::vector<std::string> command;
  int input = -1;
  int log = -1;
  int readyReading = -1;
  int readyWriting = -1;
};

/// Nothing of this machine's environment gets into a node.
const std::array<const char*, 4> kEnvironment = {
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root",
    "LANG=C.UTF-8", nullptr};

/// Waits for the cable, then becomes the machine's first process.
int beBorn(void* argument) {
  const auto& birth = *static_cast<const Birth*>(argument);
  close(birth.readyWriting);  // so that the other end's death is noticed
  char ready = 0;
  if (read(birth.readyReading, &ready, 1) != 1) return 1;
  setsid();
  dup2(birth.input, STDIN_FILENO);
  dup2(birth.log, STDOUT_FILENO);
  dup2(birth.log, STDERR_FILENO);
  const auto words = argumentPointers(birth.command);
  execve(words.front(), words.data(), const_cast<char* const*>(kEnvironment.data()));
  return 1;
}

Result<int> cloneInto(Birth& birth) {
  constexpr std::size_t kStackSize = 65536;
  constexpr int kNamespaces =
      CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC;
  std::vector<char> stack(kStackSize);
  const int pid = clone(beBorn, stack.data() + stack.size(), kNamespaces | SIGCHLD, &birth);
  if (pid < 0) return os::failErrno("make namespaces");
  return pid;
}

Birth describe(const MachineSpec& spec) {
  Birth birth{.command = {ownProgram().string(), "lab", "lab-init"}};
  const auto words = toArguments(spec);
  birth.command.insert(birth.command.end(), words.begin(), words.end());
  return birth;
}

}  // namespace

Result<ProcessId> powerOn(const MachineSpec& spec, const ConnectCable& connect) {
  const os::FileDescriptor log(
      open((spec.directory + "/log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  const os::FileDescriptor nothing(open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!log.isOpen()) return os::failErrno("write the log of " + spec.name);
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return os::failErrno("pipe");
  const os::FileDescriptor reading(ends[0]);
  const os::FileDescriptor writing(ends[1]);

  auto birth = describe(spec);
  birth.input = nothing.get();
  birth.log = log.get();
  birth.readyReading = reading.get();
  birth.readyWriting = writing.get();
  const auto pid = cloneInto(birth);
  if (!pid) return fail(pid.error().during("power on " + spec.name));
  const auto process = identify(*pid);
  auto connected = connect(*pid);
  if (connected && write(writing.get(), "!", 1) != 1)
    connected = os::failErrno("start " + spec.name);
  if (connected) return process;
  if (const auto killed = killAndWait(process); !killed) return fail(killed.error());
  return fail(connected.error());
}

}  // namespace cluster_lab::lab

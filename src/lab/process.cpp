#include "lab/process.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>
// glibc 2.36 declares these without C linkage.
extern "C" {
#include <sys/pidfd.h>
}
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "base/text.hpp"
#include "os/child_process.hpp"
#include "os/file.hpp"
#include "os/file_descriptor.hpp"
#include "os/spawn.hpp"
#include "os/system_error.hpp"

namespace cluster_lab::lab {
namespace {

/// Until the other end is closed; `descriptor` does not block.
std::string readAll(int descriptor) {
  std::string all;
  std::array<char, 4096> buffer{};
  for (;;) {
    pollfd wait{.fd = descriptor, .events = POLLIN, .revents = 0};
    if (poll(&wait, 1, -1) < 0 && errno != EINTR) return all;
    const auto count = read(descriptor, buffer.data(), buffer.size());
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (count <= 0) return all;
    all.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

/// Fields 3 (state) and 22 (start time) of /proc/PID/stat stand behind the name, which may hold
/// anything, blanks and brackets included (proc(5)).
ProcessId parseStat(int pid, std::string_view stat) {
  const auto name = stat.rfind(')');
  if (name == std::string_view::npos || name + 2 > stat.size()) return {};
  const auto fields = split(stat.substr(name + 2), ' ');
  constexpr std::size_t kStartTime = 22 - 3;
  if (fields.size() <= kStartTime || fields[0] == "Z" || fields[0] == "X") return {};
  const auto start = parseInteger(fields[kStartTime], 0, INT64_MAX);
  return start ? ProcessId{pid, static_cast<std::uint64_t>(*start)} : ProcessId{};
}

/// A descriptor of exactly this process; an unset one: it is gone.
os::FileDescriptor openProcess(const ProcessId& process) {
  if (process.pid == 0) return {};
  os::FileDescriptor opened(pidfd_open(process.pid, 0));
  return isAlive(process) ? std::move(opened) : os::FileDescriptor();
}

}  // namespace

std::vector<char*> argumentPointers(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  // execve(2) takes char* but does not write.
  for (const auto& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

Result<void> runProgram(const std::vector<std::string>& arguments) {
  const auto child = os::spawn({.arguments = arguments, .environment = {"LC_ALL=C"}});
  if (!child) return fail(child.error());
  const auto output = readAll(child->output.get());
  int status = 0;
  while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return fail(ErrorCode::Io, fmt::format("{}: {}", fmt::join(arguments, " "), trim(output)));
}

Error becomeProgram(const std::vector<std::string>& arguments) {
  execvp(arguments.front().c_str(), argumentPointers(arguments).data());
  return os::failErrno("run " + arguments.front()).error();
}

ProcessId identify(int pid) {
  const auto stat = os::readFile(fmt::format("/proc/{}/stat", pid));
  return stat ? parseStat(pid, *stat) : ProcessId{};
}

bool isAlive(const ProcessId& process) {
  return process.pid != 0 && identify(process.pid) == process;
}

bool sendSignal(const ProcessId& process, int signal) {
  const auto opened = openProcess(process);
  return opened.isOpen() && pidfd_send_signal(opened.get(), signal, nullptr, 0) == 0;
}

Result<void> killAndWait(const ProcessId& process) {
  const auto opened = openProcess(process);
  if (!opened.isOpen()) return {};
  if (pidfd_send_signal(opened.get(), SIGKILL, nullptr, 0) != 0 && errno != ESRCH)
    return os::failErrno(fmt::format("kill process {}", process.pid));
  constexpr int kMostMilliseconds = 10000;
  pollfd wait{.fd = opened.get(), .events = POLLIN, .revents = 0};
  if (poll(&wait, 1, kMostMilliseconds) == 1) return {};
  return fail(ErrorCode::TimedOut, fmt::format("process {} did not end", process.pid));
}

}  // namespace cluster_lab::lab

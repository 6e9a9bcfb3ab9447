#include "lab/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>
#include <spawn.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "base/text.hpp"
#include "lab/kernel.hpp"
#include "os/file.hpp"

namespace cluster_lab::lab {
namespace {

std::vector<char*> pointersTo(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

struct Pipe {
  Descriptor reading;
  Descriptor writing;
};

Result<Pipe> makePipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return systemFailure("pipe");
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

Result<int> spawn(std::vector<std::string> words, int input, int output) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
  int pid = 0;
  const auto pointers = pointersTo(words);
  const int failed =
      posix_spawnp(&pid, words.front().c_str(), &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed == 0) return pid;
  errno = failed;
  return systemFailure("start " + words.front());
}

std::string readAll(int descriptor) {
  std::string all;
  std::array<char, 4096> buffer{};
  for (;;) {
    const auto count = read(descriptor, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return all;
    all.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

void writeAll(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const auto count = write(descriptor, text.data(), text.size());
    if (count <= 0) return;  // it has ended; its exit status tells more
    text.remove_prefix(static_cast<std::size_t>(count));
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
Descriptor openProcess(const ProcessId& process) {
  if (process.pid == 0) return {};
  Descriptor opened(pidfd_open(process.pid, 0));
  return isAlive(process) ? std::move(opened) : Descriptor();
}

}  // namespace

Result<std::string> runProgram(const std::vector<std::string>& arguments, std::string_view input) {
  auto in = makePipe();
  auto out = makePipe();
  if (!in || !out) return fail(in ? out.error() : in.error());
  const auto pid = spawn(arguments, in->reading.get(), out->writing.get());
  if (!pid) return fail(pid.error());
  in->reading.close();
  out->writing.close();
  writeAll(in->writing.get(), input);
  in->writing.close();
  auto output = readAll(out->reading.get());
  int status = 0;
  while (waitpid(*pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return output;
  return fail(ErrorCode::Io,
              fmt::format("{}: {}", fmt::join(arguments, " "), std::string(trim(output))));
}

Error becomeProgram(const std::vector<std::string>& arguments) {
  auto words = arguments;
  execvp(words.front().c_str(), pointersTo(words).data());
  return systemFailure("run " + words.front()).error();
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
  return opened.isSet() && pidfd_send_signal(opened.get(), signal, nullptr, 0) == 0;
}

Result<void> killAndWait(const ProcessId& process) {
  const auto opened = openProcess(process);
  if (!opened.isSet()) return {};
  if (pidfd_send_signal(opened.get(), SIGKILL, nullptr, 0) != 0 && errno != ESRCH)
    return systemFailure(fmt::format("kill process {}", process.pid));
  constexpr int kMostMilliseconds = 10000;
  pollfd wait{.fd = opened.get(), .events = POLLIN, .revents = 0};
  if (poll(&wait, 1, kMostMilliseconds) == 1) return {};
  return fail(ErrorCode::TimedOut, fmt::format("process {} did not end", process.pid));
}

}  // namespace cluster_lab::lab

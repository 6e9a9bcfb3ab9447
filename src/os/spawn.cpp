#include "os/spawn.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "os/child_process.hpp"
#include "os/host.hpp"
#include "os/system_error.hpp"

namespace cluster_lab::os {
namespace {

struct Pipe {
  FileDescriptor read;
  FileDescriptor write;
};

Result<Pipe> makePipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return failErrno("make a pipe");
  return Pipe{FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

/// All that the child needs between fork and exec, where it may not allocate (fork(2): only
/// async-signal-safe calls in a process that had threads).
struct Prepared {
  std::string path;
  std::vector<std::string> environment;
  std::vector<char*> argumentPointers;
  std::vector<char*> environmentPointers;
  pid_t parent = 0;
  int output = -1;
  int report = -1;
};

std::string_view nameOf(std::string_view assignment) {
  return assignment.substr(0, assignment.find('='));
}

/// The daemon's environment, with the command's own variables in place of those of the same name.
std::vector<std::string> mergedEnvironment(const std::vector<std::string>& own) {
  std::vector<std::string> merged = own;
  for (char** inherited = environ; *inherited != nullptr; ++inherited) {
    const auto sameName = [&](const std::string& mine) {
      return nameOf(mine) == nameOf(*inherited);
    };
    if (std::ranges::none_of(own, sameName)) merged.emplace_back(*inherited);
  }
  return merged;
}

std::vector<char*> pointersTo(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  // execve(2) takes char* but does not write.
  for (const auto& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

void resetSignals() {
  // Handlers go with exec, but ignored signals stay ignored, and a mask stays a mask.
  for (int number = 1; number < NSIG; ++number) std::signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void reportAndExit(int report) {
  const int error = errno;
  [[maybe_unused]] const auto written = ::write(report, &error, sizeof error);
  _exit(127);
}

/// In the child. Comes back never.
[[noreturn]] void becomeProgram(const Prepared& prepared) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // The parent may have ended before that call. 0: it lives outside of this process namespace.
  const pid_t parent = getppid();
  if (parent != prepared.parent && parent != 0) _exit(127);
  setpgid(0, 0);  // a Ctrl-C at the daemon's terminal is the daemon's to handle
  resetSignals();
  const int nothing = ::open("/dev/null", O_RDONLY);
  if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0) reportAndExit(prepared.report);
  if (dup2(prepared.output, STDOUT_FILENO) < 0) reportAndExit(prepared.report);
  if (dup2(prepared.output, STDERR_FILENO) < 0) reportAndExit(prepared.report);
  // Ours are all close-on-exec; a library's may not be.
  close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
  execve(prepared.path.c_str(), prepared.argumentPointers.data(),
         prepared.environmentPointers.data());
  reportAndExit(prepared.report);
}

/// The errno of a failed exec; 0 when it succeeded, which closed the pipe.
int readReport(int fd) {
  int error = 0;
  ssize_t got = 0;
  do {
    got = ::read(fd, &error, sizeof error);
  } while (got < 0 && errno == EINTR);
  return got == sizeof error ? error : 0;
}

Error notFound(const std::string& program) {
  static const std::array<std::pair<std::string_view, std::string_view>, 5> kPackages = {{
      {"dnsmasq", "dnsmasq-base"},
      {"udhcpc", "udhcpc"},
      {"haproxy", "haproxy"},
      {"etcd", "etcd-server"},
      {"dockerd", "docker.io"},
  }};
  Error error{ErrorCode::NotFound, "program '" + program + "' is not there", {}};
  for (const auto& [name, package] : kPackages) {
    if (name == program) error.remedy = "apt-get install " + std::string(package);
  }
  return error;
}

}  // namespace

Result<Spawned> spawn(const Command& command) {
  const auto& name = command.arguments.front();
  const auto path = findProgram(name);
  if (!path) return fail(notFound(name));
  auto output = makePipe();
  if (!output) return fail(output.error());
  auto report = makePipe();
  if (!report) return fail(report.error());

  Prepared prepared;
  prepared.path = path->string();
  prepared.environment = mergedEnvironment(command.environment);
  prepared.argumentPointers = pointersTo(command.arguments);
  prepared.environmentPointers = pointersTo(prepared.environment);
  prepared.parent = getpid();
  prepared.output = output->write.get();
  prepared.report = report->write.get();

  const pid_t pid = fork();
  if (pid < 0) return failErrno("fork");
  if (pid == 0) becomeProgram(prepared);
  report->write.close();
  if (const int error = readReport(report->read.get()); error != 0) {
    waitpid(pid, nullptr, 0);
    return fail(systemError("start " + prepared.path, error));
  }
  fcntl(output->read.get(), F_SETFL, O_NONBLOCK);
  return Spawned{pid, std::move(output->read)};
}

}  // namespace cluster_lab::os

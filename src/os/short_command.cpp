#include "os/short_command.hpp"

#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

#include "os/child_process.hpp"
#include "os/spawn.hpp"

namespace cluster_lab::os {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kStopLook{100};

/// A program under way. It leads a process group of its own (spawn()).
class Run {
 public:
  Run(Spawned spawned, std::size_t outputSize)
      : spawned_(std::move(spawned)),
        // glibc 2.36 declares pidfd_open() for C only.
        process_(static_cast<int>(syscall(SYS_pidfd_open, spawned_.pid, 0))),
        outputSize_(outputSize) {}

  CommandEnd finish(Clock::time_point deadline, const std::stop_token& stop) {
    end_.timedOut = !waitUntil(deadline, stop);
    if (end_.timedOut) kill(-spawned_.pid, SIGKILL);
    readOutput();
    int status = 0;
    while (waitpid(spawned_.pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status)) end_.exitStatus = WEXITSTATUS(status);
    return std::move(end_);
  }

 private:
  /// Reads on meanwhile: a full pipe would keep it from ending. true: it has ended.
  bool waitUntil(Clock::time_point deadline, const std::stop_token& stop) {
    std::array<pollfd, 2> watched{
        {{process_.get(), POLLIN, 0}, {spawned_.output.get(), POLLIN, 0}}};
    while (true) {
      const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
      if (left.count() <= 0 || stop.stop_requested()) return false;
      const auto wait = std::min(left, kStopLook).count();
      const int ready = poll(watched.data(), watched.size(), static_cast<int>(wait));
      if (ready < 0 && errno != EINTR) return false;
      if (ready <= 0) continue;
      if (!readOutput()) watched[1].fd = -1;
      if (watched[0].revents != 0) return true;
    }
  }

  /// false: there will be no more.
  bool readOutput() {
    std::array<char, 4096> part;
    while (true) {
      const auto got = ::read(spawned_.output.get(), part.data(), part.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return errno == EAGAIN;
      if (got == 0) return false;
      const auto size = static_cast<std::size_t>(got);
      end_.printed += size;
      end_.output.append(part.data(), size);
      end_.output.erase(0, end_.output.size() - std::min(end_.output.size(), outputSize_));
    }
  }

  Spawned spawned_;
  FileDescriptor process_;
  const std::size_t outputSize_;
  CommandEnd end_;
};

}  // namespace

Result<CommandEnd> runCommand(const Command& command, const CommandLimits& limits,
                              const std::stop_token& stop) {
  auto spawned = spawn(command);
  if (!spawned) return fail(spawned.error());
  return Run(std::move(*spawned), limits.output).finish(Clock::now() + limits.time, stop);
}

}  // namespace cluster_lab::os

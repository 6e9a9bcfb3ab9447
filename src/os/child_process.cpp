#include "os/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "os/event_loop.hpp"
#include "os/line_splitter.hpp"
#include "os/log.hpp"
#include "os/spawn.hpp"
#include "os/system_error.hpp"

namespace cluster_lab::os {
namespace {

std::string describe(int status) {
  if (WIFEXITED(status)) return "exit status " + std::to_string(WEXITSTATUS(status));
  const char* const name = sigabbrev_np(WTERMSIG(status));
  if (name == nullptr) return "killed by signal " + std::to_string(WTERMSIG(status));
  return std::string("killed by SIG") + name;
}

/// What the loop's callbacks work on. They hold it, so that the ChildProcess may be destroyed in a
/// callback of the user.
class Running : public std::enable_shared_from_this<Running> {
 public:
  Running(EventLoop& loop, Spawned spawned, ChildProcess::Events events)
      : loop_(loop), spawned_(std::move(spawned)), events_(std::move(events)) {}
  ~Running() { abandon(); }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  [[nodiscard]] Result<void> watch() {
    const std::weak_ptr<Running> weak = weak_from_this();
    auto output = loop_.watchReadable(spawned_.output.get(), [weak] {
      if (const auto self = weak.lock()) self->readOutput();
    });
    if (!output) return fail(output.error());
    outputWatch_ = std::move(*output);
    auto exit = loop_.onChildExit(spawned_.pid, [weak](int status) {
      if (const auto self = weak.lock()) self->exited(status);
    });
    if (!exit) return fail(exit.error());
    exitWatch_ = std::move(*exit);
    return {};
  }

  [[nodiscard]] pid_t pid() const { return spawned_.pid; }

  void signal(int number) const {
    if (!ended_) kill(spawned_.pid, number);
  }

  void terminate(std::chrono::milliseconds grace) {
    signal(SIGTERM);
    const std::weak_ptr<Running> weak = weak_from_this();
    auto timer = loop_.at(loop_.now() + grace, [weak] {
      if (const auto self = weak.lock()) self->signal(SIGKILL);
    });
    if (!timer) {
      log::error(timer.error().text());
      signal(SIGKILL);
      return;
    }
    killTimer_ = std::move(*timer);
  }

  void stop(std::chrono::milliseconds grace) {
    const auto keep = shared_from_this();
    signal(SIGTERM);
    waitForEnd(loop_.now() + grace);
    lines_.finish([this](std::string_view line) { tell(line); });
    abandon();
  }

  /// Kills and reaps it if it still runs; no callback comes any more.
  void abandon() {
    abandoned_ = true;
    outputWatch_.reset();
    exitWatch_.reset();
    killTimer_.reset();
    if (std::exchange(ended_, true)) return;
    kill(spawned_.pid, SIGKILL);
    while (waitpid(spawned_.pid, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

 private:
  void tell(std::string_view line) const {
    if (!abandoned_ && events_.onLine) events_.onLine(line);
  }

  /// Bounded, so that a child which never stops talking leaves the loop to others; more than a full
  /// pipe, so that after its end nothing is left.
  void readOutput() {
    std::array<char, 4096> part;
    for (int reads = 0; reads < 32; ++reads) {
      const auto got = ::read(spawned_.output.get(), part.data(), part.size());
      if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
      if (got <= 0) {  // closed by the child: the exit is what counts
        outputWatch_.reset();
        return;
      }
      lines_.feed(std::string_view(part.data(), static_cast<std::size_t>(got)),
                  [this](std::string_view line) { tell(line); });
      if (abandoned_) return;
    }
  }

  void exited(int status) {
    ended_ = true;  // the loop reaps it after this call
    killTimer_.reset();
    readOutput();
    outputWatch_.reset();
    lines_.finish([this](std::string_view line) { tell(line); });
    const auto onExit = std::exchange(events_.onExit, nullptr);
    if (!abandoned_ && onExit) onExit(status, describe(status));
  }

  /// Reads on meanwhile: a full pipe would keep the child from ending.
  void waitForEnd(TimePoint deadline) {
    // glibc 2.36 declares pidfd_open() for C only.
    const FileDescriptor process(static_cast<int>(syscall(SYS_pidfd_open, spawned_.pid, 0)));
    std::array<pollfd, 2> watched{{{process.get(), POLLIN, 0}, {spawned_.output.get(), POLLIN, 0}}};
    while (!ended_ && process.isOpen()) {
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(deadline - loop_.now()).count();
      if (left <= 0) return;
      poll(watched.data(), watched.size(), static_cast<int>(left));
      readOutput();
      if (watched[0].revents != 0) return;
      if ((watched[1].revents & POLLHUP) != 0) watched[1].fd = -1;
    }
  }

  EventLoop& loop_;
  Spawned spawned_;
  ChildProcess::Events events_;
  LineSplitter lines_;
  EventHandle outputWatch_;
  EventHandle exitWatch_;
  EventHandle killTimer_;
  bool ended_ = false;
  bool abandoned_ = false;
};

class LinuxChildProcess : public ChildProcess {
 public:
  explicit LinuxChildProcess(std::shared_ptr<Running> running) : running_(std::move(running)) {}
  ~LinuxChildProcess() override { running_->abandon(); }
  LinuxChildProcess(const LinuxChildProcess&) = delete;
  LinuxChildProcess& operator=(const LinuxChildProcess&) = delete;

  [[nodiscard]] pid_t pid() const override { return running_->pid(); }
  void signal(int signal) override { running_->signal(signal); }
  void terminate(std::chrono::milliseconds grace) override { running_->terminate(grace); }
  void stop(std::chrono::milliseconds grace) override { running_->stop(grace); }

 private:
  std::shared_ptr<Running> running_;
};

}  // namespace

Result<std::unique_ptr<ChildProcess>> ChildProcess::start(EventLoop& loop, const Command& command,
                                                          Events events) {
  auto spawned = spawn(command);
  if (!spawned) return fail(spawned.error());
  auto running = std::make_shared<Running>(loop, std::move(*spawned), std::move(events));
  if (auto watched = running->watch(); !watched) return fail(watched.error());
  return std::make_unique<LinuxChildProcess>(std::move(running));
}

}  // namespace cluster_lab::os

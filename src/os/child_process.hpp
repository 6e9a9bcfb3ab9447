#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace cluster_lab::os {

class EventLoop;

/// A program to run as a child.
struct Command {
  std::vector<std::string> arguments;    ///< arguments[0]: name (looked up in PATH) or path
  std::vector<std::string> environment;  ///< "NAME=value", added to the daemon's own
};

/// A child process. It dies with the daemon (PR_SET_PDEATHSIG) and with this object (SIGKILL). Its
/// output goes line by line to `onLine`. Loop thread only.
class ChildProcess {
 public:
  struct Events {
    std::function<void(std::string_view line)> onLine;  ///< stdout and stderr, without line end
    /// Once, after its output has been read; `how` reads "exit status 1" or "killed by SIGSEGV".
    /// The object may be destroyed in it.
    std::function<void(int status, const std::string& how)> onExit;
  };
  /// NotFound: no such program, with a remedy that names the package where known. Returns after the
  /// program has really started (exec succeeded).
  [[nodiscard]] static Result<std::unique_ptr<ChildProcess>> start(EventLoop& loop,
                                                                   const Command& command,
                                                                   Events events);
  virtual ~ChildProcess() = default;
  [[nodiscard]] virtual pid_t pid() const = 0;
  virtual void signal(int signal) = 0;
  /// SIGTERM, and SIGKILL if it has not ended after `grace`. onExit is called as usual.
  virtual void terminate(std::chrono::milliseconds grace) = 0;
  /// The same, but waits for the end here: its last lines come during the call, onExit not at all.
  virtual void stop(std::chrono::milliseconds grace) = 0;
};

/// Keeps a command running: starts it again when it ends, after 100 ms, doubling to 10 s while it
/// keeps failing within 10 s. Loop thread only.
class Supervisor {
 public:
  struct Events {
    std::function<void(std::string_view line)> onLine;
    /// Each time it ended though nobody asked it to, or could not be started: what happened.
    std::function<void(const Error& error)> onFailure;
  };
  Supervisor(EventLoop& loop, Command command, Events events);
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;
  void start();
  /// Ends it (SIGTERM, then SIGKILL) and waits for that, at most `grace`. Blocks.
  void stop(std::chrono::milliseconds grace);
  [[nodiscard]] bool running() const;
  void signal(int signal);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cluster_lab::os

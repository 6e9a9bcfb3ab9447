#include "lab/node_init.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "lab/process.hpp"
#include "os/file_descriptor.hpp"
#include "os/netlink.hpp"
#include "os/system_error.hpp"

namespace cluster_lab::lab {
namespace {

void say(std::string_view text) {
  fmt::print(stderr, "node: {}\n", text);
}

Result<void> mountAt(const char* what, const char* where, const char* type, unsigned long flags) {
  if (mount(what, where, type, flags, nullptr) == 0) return {};
  return os::failErrno(fmt::format("mount {}", where));
}

/// /run last: it covers the data directory's own place.
Result<void> setUpMounts(const MachineSpec& spec) {
  const auto data = spec.directory + "/data";
  auto done = mountAt("none", "/", nullptr, MS_REC | MS_PRIVATE);
  if (done) done = mountAt(data.c_str(), "/var/lib/cluster-lab", nullptr, MS_BIND);
  if (done) done = mountAt("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC);
  if (done) done = mountAt("tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV);
  return done;
}

/// A real port is up long before the daemon starts, and its link-local address past duplicate
/// address detection (RFC 4862 section 5.4), which takes 1 to 2 s.
void skipDuplicateAddressDetection() {
  std::ofstream("/proc/sys/net/ipv6/conf/eth0/accept_dad") << '0';
}

Result<void> setUpNetwork(const MachineSpec& spec) {
  skipDuplicateAddressDetection();
  auto netlink = os::Netlink::open();
  if (!netlink) return fail(netlink.error());
  auto done = (*netlink)->setUp("lo", true);
  if (done) done = (*netlink)->setUp("eth0", true);
  if (!done) return done;
  const auto eth0 = (*netlink)->link("eth0");
  if (!eth0) return fail(eth0.error());
  return (*netlink)->setAddress(eth0->index, spec.address, spec.prefixLength, std::nullopt);
}

std::string describeEnd(int status) {
  if (WIFSIGNALED(status)) return fmt::format("killed by {}", strsignal(WTERMSIG(status)));
  return fmt::format("exit status {}", WEXITSTATUS(status));
}

/// The daemon of this node and the file that tells of it.
class DaemonRunner {
 public:
  DaemonRunner(std::vector<std::string> command, os::FileDescriptor directory)
      : command_(std::move(command)), directory_(std::move(directory)) {}

  void start() {
    again_ = pid_ != 0;  // one that is just ending is started when it has ended
    if (again_) return;
    const int failed = spawn();
    if (failed != 0) pid_ = 0;
    state_ = failed == 0 ? kDaemonRuns : fmt::format("not started: {}", std::strerror(failed));
  }

  /// Collects all that have ended, the daemon or not.
  void reap() {
    int status = 0;
    for (pid_t pid = 0; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
      if (pid != pid_) continue;
      pid_ = 0;
      state_ = fmt::format("ended: {}", describeEnd(status));
      if (WIFSIGNALED(status)) restoreNetwork();
      if (again_) start();
    }
  }

  /// Tells in the log and in the file how the daemon is.
  void tell() const {
    say(fmt::format("{}: {}", command_.front(), state_));
    const os::FileDescriptor file(
        openat(directory_.get(), kDaemonFile, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (write(file.get(), state_.data(), state_.size()) < 0) say("cannot tell how the daemon is");
  }

  [[nodiscard]] const std::string& state() const { return state_; }

 private:
  /// As ExecStopPost of cluster-start.service does: the address of a daemon that was killed goes at
  /// once.
  void restoreNetwork() const {
    auto command = command_;
    command.emplace_back("--restore-network");
    if (const auto done = runProgram(command); !done) say(done.error().text());
  }

  int spawn() {
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    const auto words = argumentPointers(command_);
    const int failed =
        posix_spawnp(&pid_, words.front(), nullptr, &attributes, words.data(), environ);
    posix_spawnattr_destroy(&attributes);
    return failed;
  }

  std::vector<std::string> command_;
  os::FileDescriptor directory_;
  pid_t pid_ = 0;
  bool again_ = false;
  std::string state_;
};

/// Runs the daemon when it is asked for, and tells each change once it is settled: whoever asks for
/// a daemon that has just ended sees it running next.
[[noreturn]] void serve(DaemonRunner& daemon, const sigset_t& awaited) {
  daemon.start();
  daemon.tell();
  for (;;) {
    const auto before = daemon.state();
    const bool asked = sigwaitinfo(&awaited, nullptr) == kStartDaemonSignal;
    daemon.reap();
    if (asked) daemon.start();
    if (asked || daemon.state() != before) daemon.tell();
  }
}

}  // namespace

int runNodeInit(const MachineSpec& spec) {
  sigset_t awaited;
  sigemptyset(&awaited);
  sigaddset(&awaited, SIGCHLD);
  sigaddset(&awaited, kStartDaemonSignal);
  sigprocmask(SIG_BLOCK, &awaited, nullptr);
  os::FileDescriptor directory(open(spec.directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (sethostname(spec.name.data(), spec.name.size()) != 0 || chdir("/") != 0) return 1;
  auto ready = setUpMounts(spec);
  if (ready) ready = setUpNetwork(spec);
  if (!ready) {
    say(ready.error().text());
    return 1;
  }
  say(fmt::format("{} is powered on", spec.name));
  DaemonRunner daemon(spec.daemon, std::move(directory));
  serve(daemon, awaited);
}

}  // namespace cluster_lab::lab

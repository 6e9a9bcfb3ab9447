#include "engine_process.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>

namespace cluster_lab::scheduler {
namespace {

/// Its own /run, so that it starts its own containerd there; no bridge, so that it needs no
/// iptables.
std::string scriptIn(const std::string& folder) {
  return "mount -t tmpfs tmpfs /run && exec dockerd --data-root " + folder +
         "/data --exec-root /run/docker --pidfile /run/docker.pid --bridge none --iptables=false " +
         "-H unix://" + folder + "/docker.sock >" + folder + "/log 2>&1";
}

pid_t spawn(const std::string& script) {
  const std::array<const char*, 11> words = {"unshare", "--net",        "--mount",      "--pid",
                                             "--fork",  "--kill-child", "--mount-proc", "sh",
                                             "-c",      script.c_str(), nullptr};
  pid_t pid = -1;
  const int failed = ::posix_spawnp(&pid, words[0], nullptr, nullptr,
                                    const_cast<char* const*>(words.data()), environ);
  return failed == 0 ? pid : -1;
}

}  // namespace

EngineProcess::EngineProcess() {
  std::string name = "/var/tmp/netns-scheduler-XXXXXX";  // not /tmp: no overlay on a tmpfs
  folder_ = ::mkdtemp(name.data());
  pid_ = spawn(scriptIn(folder_));
}

EngineProcess::~EngineProcess() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  std::error_code busy;
  std::filesystem::remove_all(folder_, busy);
}

std::string EngineProcess::hindrance() {
  if (::geteuid() != 0) return "a Docker Engine needs root";
  if (::access("/usr/sbin/dockerd", X_OK) != 0) return "no dockerd is installed";
  return {};
}

bool EngineProcess::running() {
  if (pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) != 0) pid_ = -1;
  return pid_ > 0;
}

}  // namespace cluster_lab::scheduler

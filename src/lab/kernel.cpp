#include "lab/kernel.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>

#include <thread>

#include "base/text.hpp"
#include "lab/process.hpp"
#include "os/file.hpp"
#include "os/file_descriptor.hpp"
#include "os/system_error.hpp"

namespace cluster_lab::lab {

std::string bootId() {
  const auto id = os::readFile("/proc/sys/kernel/random/boot_id");
  return id ? std::string(trim(*id)) : std::string();
}

std::filesystem::path ownProgram() {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/exe", ignored);
}

Result<void> inNetworkOf(int pid, const std::function<void()>& call) {
  const os::FileDescriptor network(
      open(fmt::format("/proc/{}/ns/net", pid).c_str(), O_RDONLY | O_CLOEXEC));
  if (!network.isOpen()) return fail(ErrorCode::Unavailable, fmt::format("no process {}", pid));
  Result<void> done;
  std::thread visitor([&] {
    if (setns(network.get(), CLONE_NEWNET) == 0) {
      call();
    } else {
      done = os::failErrno("enter the network of a node");
    }
  });
  visitor.join();
  return done;
}

std::string whyNoLink(std::string_view kind) {
  const auto link = kind == "vlan" ? "link a type vlan id 200"
                                   : "type vxlan id 200 dev a group ff12::c1ab:c8 dstport 14789";
  const auto script = fmt::format(
      "ip link add a type veth peer name b && ip link set a up && ip link add clab0 {}", link);
  const auto tried = runProgram({"unshare", "--net", "sh", "-c", script});
  return tried ? std::string() : tried.error().message;
}

}  // namespace cluster_lab::lab

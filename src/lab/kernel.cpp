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
  const auto link = kind == "vlan" ? "link try0 name try2 type vlan id 200"
                                   : "name try2 type vxlan id 200 dev try0 group ff12::c1ab:c8 "
                                     "dstport 14789";
  const auto script = fmt::format(
      "ip link add name try0 type veth peer name try1; ip link set try0 up; ip link add {}", link);
  const auto tried = runProgram({"unshare", "--net", "sh", "-ec", script});
  return tried ? std::string() : tried.error().message;
}

}  // namespace cluster_lab::lab

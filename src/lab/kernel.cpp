#include "lab/kernel.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

#include "base/text.hpp"
#include "lab/process.hpp"
#include "os/file.hpp"

namespace cluster_lab::lab {

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    close();
    number_ = other.release();
  }
  return *this;
}

void Descriptor::close() {
  if (isSet()) ::close(release());
}

int Descriptor::release() {
  return std::exchange(number_, -1);
}

std::unexpected<Error> systemFailure(std::string_view doing) {
  const int why = errno;
  const bool denied = why == EPERM || why == EACCES;
  return fail(denied ? ErrorCode::PermissionDenied : ErrorCode::Io,
              fmt::format("{}: {}", doing, std::strerror(why)),
              denied ? "run it as root" : std::string());
}

std::string bootId() {
  const auto id = os::readFile("/proc/sys/kernel/random/boot_id");
  return id ? std::string(trim(*id)) : std::string();
}

std::filesystem::path ownProgram() {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/exe", ignored);
}

Result<void> inNetworkOf(int pid, const std::function<void()>& call) {
  const Descriptor network(open(fmt::format("/proc/{}/ns/net", pid).c_str(), O_RDONLY | O_CLOEXEC));
  if (!network.isSet()) return fail(ErrorCode::Unavailable, fmt::format("no process {}", pid));
  Result<void> done;
  std::thread visitor([&] {
    if (setns(network.get(), CLONE_NEWNET) == 0) {
      call();
    } else {
      done = systemFailure("enter the network of a node");
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

#include "os/notify.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "os/file_descriptor.hpp"
#include "os/unix_address.hpp"

namespace cluster_lab::os::test {
namespace {

/// systemd's end of the conversation.
struct Systemd {
  Systemd() : path("/tmp/os-notify-" + std::to_string(getpid())) {
    const auto address = unixAddress(path);
    REQUIRE(address);
    REQUIRE(bind(fd.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) == 0);
    setenv("NOTIFY_SOCKET", path.c_str(), 1);
  }
  ~Systemd() {
    unsetenv("NOTIFY_SOCKET");
    unlink(path.c_str());
  }
  Systemd(const Systemd&) = delete;
  Systemd& operator=(const Systemd&) = delete;

  [[nodiscard]] std::string hears() const {
    std::string text(1000, '\0');
    const auto size = recv(fd.get(), text.data(), text.size(), MSG_DONTWAIT);
    return size < 0 ? "nothing" : text.substr(0, static_cast<std::size_t>(size));
  }

  std::string path;
  FileDescriptor fd{socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
};

}  // namespace

TEST_CASE("notify: systemd hears of readiness, status and stopping") {
  const Systemd systemd;
  notifyReady();
  CHECK(systemd.hears() == "READY=1");
  notifyStatus("leading, 3 nodes");
  CHECK(systemd.hears() == "STATUS=leading, 3 nodes");
  notifyStopping();
  CHECK(systemd.hears() == "STOPPING=1");
}

TEST_CASE("notify: a status cannot say anything but a status") {
  const Systemd systemd;
  notifyStatus("a\nREADY=1");
  CHECK(systemd.hears() == "STATUS=a READY=1");
}

TEST_CASE("notify: without systemd nothing happens") {
  unsetenv("NOTIFY_SOCKET");
  notifyReady();
}

}  // namespace cluster_lab::os::test

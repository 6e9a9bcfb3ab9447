#include "os/notify.hpp"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

#include <algorithm>
#include <string>

namespace cluster_lab::os {

void notifyReady() {
  sd_notify(0, "READY=1");
}

void notifyStatus(std::string_view status) {
  auto line = fmt::format("STATUS={}", status);
  // A line end would begin another assignment.
  std::ranges::replace(line, '\n', ' ');
  sd_notify(0, line.c_str());
}

void notifyStopping() {
  sd_notify(0, "STOPPING=1");
}

}  // namespace cluster_lab::os

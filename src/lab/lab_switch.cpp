#include "lab/lab_switch.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "lab/lab_plan.hpp"
#include "lab/process.hpp"

namespace cluster_lab::lab {
namespace {

Result<void> batch(std::vector<std::string> command, const std::string& commands) {
  command.insert(command.end(), {"-batch", "-"});
  const auto done = runProgram(command, commands);
  if (!done) return fail(done.error());
  return {};
}

}  // namespace

LabSwitch::LabSwitch(const std::string& lab) : name_(switchName(lab)) {}

Result<void> LabSwitch::inside(const std::string& commands) const {
  return batch({"ip", "-n", name_}, commands);
}

Result<void> LabSwitch::build(const Ipv4Network& lan) {
  auto made = batch({"ip"}, fmt::format("netns add {0}\n"
                                        "link add {0} type veth peer name host netns {0}\n"
                                        "addr add {1}/{2} dev {0}\n"
                                        "link set {0} up\n",
                                        name_, hostLanAddress(lan).toString(), lan.prefixLength()));
  // A plain switch: no spanning tree, no delay before a port forwards, multicast goes everywhere.
  if (made)
    made = inside(
        "link add lan type bridge stp_state 0 forward_delay 0 mcast_snooping 0\n"
        "link set lan up\n"
        "link set host master lan up\n");
  if (!made) return fail(made.error().during("make the switch"));
  return {};
}

Result<void> LabSwitch::connect(const std::string& port, int pid, MacAddress mac) {
  const auto made =
      inside(fmt::format("link add {0} type veth peer name eth0 address {1} netns {2}\n"
                         "link set {0} master lan up\n",
                         port, mac.toString(), pid));
  if (!made) return fail(made.error().during("connect " + port));
  return {};
}

Result<void> LabSwitch::setPort(const std::string& port, bool up) {
  const auto set = inside(fmt::format("link set {} {}\n", port, up ? "up" : "down"));
  if (!set) return fail(set.error().during((up ? "plug " : "unplug ") + port));
  return {};
}

Result<void> LabSwitch::removePort(const std::string& port) {
  if (!runProgram({"ip", "-n", name_, "link", "show", port})) return {};
  return inside(fmt::format("link del {}\n", port));
}

Result<void> LabSwitch::remove() {
  namespace fs = std::filesystem;
  std::error_code ignored;
  if (fs::exists("/sys/class/net/" + name_, ignored)) {
    if (auto gone = batch({"ip"}, fmt::format("link del {}\n", name_)); !gone) return gone;
  }
  if (!fs::exists("/run/netns/" + name_, ignored)) return {};
  return batch({"ip"}, fmt::format("netns del {}\n", name_));
}

}  // namespace cluster_lab::lab

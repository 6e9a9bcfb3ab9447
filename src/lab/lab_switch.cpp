#include "lab/lab_switch.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "lab/lab_plan.hpp"
#include "lab/process.hpp"

namespace cluster_lab::lab {
namespace {

/// Runs a shell script that stops at the first failure.
Result<void> script(const std::string& commands) {
  return runProgram({"sh", "-ec", commands});
}

}  // namespace

LabSwitch::LabSwitch(const std::string& lab) : name_(switchName(lab)) {}

Result<void> LabSwitch::build(const Ipv4Network& lan) {
  // A plain switch: no spanning tree, no delay before a port forwards, multicast goes everywhere.
  const auto made = script(fmt::format(
      "ip netns add {0}\n"
      "ip link add {0} type veth peer name host netns {0}\n"
      "ip addr add {1}/{2} dev {0}\n"
      "ip link set {0} up\n"
      "ip -n {0} link add lan type bridge stp_state 0 forward_delay 0 mcast_snooping 0\n"
      "ip -n {0} link set lan up\n"
      "ip -n {0} link set host master lan up\n",
      name_, hostLanAddress(lan).toString(), lan.prefixLength()));
  if (!made) return fail(made.error().during("make the switch"));
  return {};
}

Result<void> LabSwitch::connect(const std::string& port, int pid, MacAddress mac) {
  const auto made =
      script(fmt::format("ip -n {0} link add {1} type veth peer name eth0 address {2} netns {3}\n"
                         "ip -n {0} link set {1} master lan up\n",
                         name_, port, mac.toString(), pid));
  if (!made) return fail(made.error().during("connect " + port));
  return {};
}

Result<void> LabSwitch::setPort(const std::string& port, bool up) {
  const auto set = runProgram({"ip", "-n", name_, "link", "set", port, up ? "up" : "down"});
  if (!set) return fail(set.error().during((up ? "plug " : "unplug ") + port));
  return {};
}

Result<void> LabSwitch::removePort(const std::string& port) {
  const auto gone = [&] { return !runProgram({"ip", "-n", name_, "link", "show", port}); };
  if (gone()) return {};
  const auto removed = runProgram({"ip", "-n", name_, "link", "del", port});
  // The kernel may have been quicker: it removes a dead node's network, and the cable with it.
  return gone() ? Result<void>() : removed;
}

Result<void> LabSwitch::remove() {
  namespace fs = std::filesystem;
  std::error_code ignored;
  if (fs::exists("/sys/class/net/" + name_, ignored)) {
    if (auto gone = runProgram({"ip", "link", "del", name_}); !gone) return gone;
  }
  if (!fs::exists("/run/netns/" + name_, ignored)) return {};
  return runProgram({"ip", "netns", "del", name_});
}

}  // namespace cluster_lab::lab

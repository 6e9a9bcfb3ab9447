#include "link/plan.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::link {
namespace {

const Plan kVlan = {LinkKind::Vlan, "eth0", "eth0.200", 200, 14789};
const Plan kVxlan = {LinkKind::Vxlan, "wlan0", "cluster200", 200, 14789};

Interface parent() {
  return {.index = 2, .name = "eth0", .kind = "", .parentIndex = 0, .id = {}, .mac = {}};
}

Interface vlan(std::uint32_t id, int parentIndex) {
  return {.index = 7,
          .name = "eth0.200",
          .kind = "vlan",
          .parentIndex = parentIndex,
          .id = id,
          .mac = {}};
}

std::string messageOf(const std::optional<Problem>& problem) {
  return problem ? problem->error.message : "";
}

}  // namespace

TEST_CASE("plan: it says what the settings ask for") {
  config::Settings::Link settings;
  const auto plan = planOf(settings);
  CHECK(plan.name == "eth0.200");
  CHECK(describe(plan) == "VLAN 200 on eth0");
  settings.kind = LinkKind::Vxlan;
  CHECK(describe(planOf(settings)) == "VXLAN 200 at UDP port 14789 on eth0");
  settings.kind = LinkKind::None;
  CHECK(planOf(settings).name == "eth0");
}

TEST_CASE("plan: a link that is as planned does not differ") {
  CHECK_FALSE(difference(kVlan, parent(), vlan(200, 2)));
}

TEST_CASE("plan: a link that differs is named beside what was planned") {
  CHECK(messageOf(difference(kVlan, parent(), vlan(7, 2))) ==
        "eth0.200 exists already and is vlan 7 on eth0, expected VLAN 200 on eth0");
  CHECK(messageOf(difference(kVlan, parent(), vlan(200, 3))) ==
        "eth0.200 exists already and is vlan 200 on another interface, expected VLAN 200 on eth0");
  auto other = parent();
  other.kind = "veth";
  CHECK(messageOf(difference(kVlan, parent(), other)) ==
        "eth0.200 exists already and is veth, expected VLAN 200 on eth0");
}

TEST_CASE("plan: a VXLAN differs by its port, too") {
  auto link = vlan(200, 0);
  link.kind = "vxlan";
  link.port = 4789;
  CHECK(messageOf(difference(kVxlan, parent(), link)) ==
        "cluster200 exists already and is vxlan 200 at UDP port 4789, expected VXLAN 200 at UDP "
        "port 14789 on wlan0");
  link.port = 14789;
  CHECK_FALSE(difference(kVxlan, parent(), link));
}

TEST_CASE("plan: a missing parent tells which interfaces there are instead") {
  CHECK(missingParent(kVlan, {"end0", "wlan0"}).error.message ==
        "there is no interface eth0; this machine has end0, wlan0");
  CHECK(missingParent(kVlan, {}).error.message ==
        "there is no interface eth0; this machine has no other");
}

TEST_CASE("plan: a failed call is a problem of its own kind") {
  const auto stateOf = [](ErrorCode code) { return failure({code, "x", ""}).state; };
  CHECK(stateOf(ErrorCode::PermissionDenied) == "no_permission");
  CHECK(stateOf(ErrorCode::Unsupported) == "unsupported_link");
  CHECK(stateOf(ErrorCode::AlreadyExists) == "link_differs");
  CHECK(stateOf(ErrorCode::Io) == "link_failed");
}

}  // namespace cluster_lab::link

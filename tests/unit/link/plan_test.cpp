#include "link/plan.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::link {
namespace {

const Plan kVlan = {LinkKind::Vlan, "eth0", "eth0.200", 200, 14789};

}  // namespace

TEST_CASE("plan: it is what the settings ask for") {
  config::Settings::Link settings;
  CHECK(planOf(settings).name == "eth0.200");
  CHECK(planOf(settings).id == 200);
  settings.kind = LinkKind::Vxlan;
  CHECK(planOf(settings).name == "cluster200");
  CHECK(planOf(settings).port == 14789);
  settings.kind = LinkKind::None;
  CHECK(planOf(settings).name == "eth0");
}

TEST_CASE("plan: a missing parent tells which interfaces there are instead") {
  CHECK(missingParent(kVlan, {"end0", "wlan0"}).error.message ==
        "there is no interface eth0; this machine has end0, wlan0");
  CHECK(missingParent(kVlan, {}).error.message == "there is no interface eth0");
}

TEST_CASE("plan: a failed call is a problem of its own kind") {
  const auto stateOf = [](ErrorCode code) { return failure({code, "x", ""}).state; };
  CHECK(stateOf(ErrorCode::PermissionDenied) == "no_permission");
  CHECK(stateOf(ErrorCode::Unsupported) == "unsupported_link");
  CHECK(stateOf(ErrorCode::AlreadyExists) == "link_differs");
  CHECK(stateOf(ErrorCode::Io) == "link_failed");
}

}  // namespace cluster_lab::link

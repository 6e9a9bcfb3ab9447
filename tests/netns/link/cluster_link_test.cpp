// The cluster link on the real kernel: each case in an empty network namespace of its own.
#include "link/cluster_link.hpp"

#include <doctest/doctest.h>

#include "machine.hpp"
#include "support/skip.hpp"

namespace cluster_lab::link::test {

TEST_CASE("cluster link: a VXLAN is made with the parent's MAC, and removed at the end") {
  if (!enterNamespace()) return;
  plugAdapter();
  Machine machine(LinkKind::Vxlan);
  REQUIRE(machine.link.start());
  REQUIRE(machine.next() == "up");
  const auto made = machine.interface("cluster200");
  CHECK(made == machine.link.info());
  CHECK(made.kind == "vxlan");
  CHECK(made.vni == Vni{200});
  CHECK(made.vxlanPort == 14789);
  CHECK(made.up);
  CHECK(made.mac == machine.interface("eth0").mac);
  CHECK(machine.interface("eth0").up);
  machine.link.stop();
  CHECK_FALSE(exists("cluster200"));
  CHECK_FALSE(machine.link.info());
}

namespace {

/// Starts a VLAN and waits for it. False: this kernel has none, which must have been told clearly;
/// the case is then counted as skipped.
bool startVlan(Machine& machine) {
  REQUIRE(machine.link.start());
  const auto told = machine.next();
  if (told != "unsupported_link") {
    REQUIRE(told == "up");
    return true;
  }
  CHECK(machine.lastProblem().code == ErrorCode::Unsupported);
  CHECK_FALSE(machine.lastProblem().remedy.empty());
  cluster_lab::test::skip(machine.lastProblem().text());
  return false;
}

}  // namespace

TEST_CASE("cluster link: a VLAN is made with the parent's MAC, and removed at the end") {
  if (!enterNamespace()) return;
  plugAdapter();
  Machine machine(LinkKind::Vlan);
  if (!startVlan(machine)) return;
  const auto made = machine.interface("eth0.200");
  CHECK(made.kind == "vlan");
  CHECK(made.vlan == VlanId{200});
  CHECK(made.parentIndex == machine.interface("eth0").index);
  CHECK(made.mac == machine.interface("eth0").mac);
  machine.link.stop();
  CHECK_FALSE(exists("eth0.200"));
}

TEST_CASE("cluster link: a VLAN comes back after the cable, the adapter or it itself was gone") {
  if (!enterNamespace()) return;
  plugAdapter();
  Machine machine(LinkKind::Vlan);
  if (!startVlan(machine)) return;
  pullCable();
  REQUIRE(machine.next(2) == "down no_carrier");
  plugCable();
  REQUIRE(machine.next() == "up");
  ip("link delete eth0");
  REQUIRE(machine.next(2) == "down link_missing");
  plugAdapter();
  REQUIRE(machine.next() == "up");
  ip("link delete eth0.200");
  REQUIRE(machine.next(2) == "down up");
  ip("link set eth0 down");
  REQUIRE(machine.next(2) == "down up");
  machine.link.stop();
  CHECK_FALSE(exists("eth0.200"));
}

TEST_CASE("cluster link: kind none switches the parent on and leaves it at the end") {
  if (!enterNamespace()) return;
  plugAdapter();
  Machine machine(LinkKind::None);
  REQUIRE(machine.link.start());
  REQUIRE(machine.next() == "up");
  CHECK(machine.link.info() == machine.interface("eth0"));
  machine.link.stop();
  CHECK(machine.interface("eth0").up);
}

TEST_CASE("cluster link: an adapter that comes late is waited for") {
  if (!enterNamespace()) return;
  ip("link add eth7 type veth peer name wire7");
  Machine machine(LinkKind::Vxlan);
  REQUIRE(machine.link.start());
  REQUIRE(machine.next() == "link_missing");
  CHECK(machine.lastProblem().message.starts_with("there is no interface eth0"));
  plugAdapter();
  REQUIRE(machine.next() == "up");
}

TEST_CASE("cluster link: an adapter that is renamed is found by its new name") {
  if (!enterNamespace()) return;
  ip("link add usb0 type veth peer name wire0");
  ip("link set wire0 up");
  Machine machine(LinkKind::Vxlan);
  REQUIRE(machine.link.start());
  REQUIRE(machine.next() == "link_missing");
  ip("link set usb0 name eth0");
  REQUIRE(machine.next() == "up");
}

TEST_CASE("cluster link: a cable that is missing, plugged in, pulled and plugged in again") {
  if (!enterNamespace()) return;
  plugAdapter();
  pullCable();
  Machine machine(LinkKind::Vxlan);
  REQUIRE(machine.link.start());
  REQUIRE(machine.next() == "no_carrier");
  plugCable();
  REQUIRE(machine.next() == "up");
  const auto index = machine.link.info()->index;
  pullCable();
  REQUIRE(machine.next(2) == "down no_carrier");
  CHECK_FALSE(machine.link.info());
  plugCable();
  REQUIRE(machine.next() == "up");
  CHECK(machine.link.info()->index == index);
}

TEST_CASE("cluster link: an adapter that goes and comes back gets its link again") {
  if (!enterNamespace()) return;
  plugAdapter();
  Machine machine(LinkKind::Vxlan);
  REQUIRE(machine.link.start());
  REQUIRE(machine.next() == "up");
  const auto before = machine.link.info().value();
  ip("link delete eth0");
  REQUIRE(machine.next(2) == "down link_missing");
  CHECK_FALSE(exists("cluster200"));
  plugAdapter();
  REQUIRE(machine.next() == "up");
  CHECK(machine.link.info()->index != before.index);
  CHECK(machine.link.info()->mac == machine.interface("eth0").mac);
  machine.link.stop();
  CHECK_FALSE(exists("cluster200"));
}

TEST_CASE("cluster link: a link that somebody removes or switches off is put right") {
  if (!enterNamespace()) return;
  plugAdapter();
  Machine machine(LinkKind::Vxlan);
  REQUIRE(machine.link.start());
  REQUIRE(machine.next() == "up");
  ip("link delete cluster200");
  REQUIRE(machine.next(2) == "down up");
  ip("link set cluster200 down");
  REQUIRE(machine.next(2) == "down up");
  ip("link set eth0 down");
  REQUIRE(machine.next(2) == "down up");
}

TEST_CASE("cluster link: a link that differs is named, left alone, and replaced once it is gone") {
  if (!enterNamespace()) return;
  plugAdapter();
  ip("link add cluster200 type vxlan id 7 dstport 4789 dev eth0 group ff12::1");
  Machine machine(LinkKind::Vxlan);
  REQUIRE(machine.link.start());
  REQUIRE(machine.next() == "link_differs");
  const auto& message = machine.lastProblem().message;
  CHECK(message.find("cluster200 exists and is VXLAN 7, port 4789") != std::string::npos);
  CHECK(message.find("not VXLAN 200, port 14789") != std::string::npos);
  CHECK_FALSE(machine.lastProblem().remedy.empty());
  CHECK(machine.interface("cluster200").vni == Vni{7});
  ip("link delete cluster200");
  REQUIRE(machine.next() == "up");
  CHECK(machine.interface("cluster200").vni == Vni{200});
}

TEST_CASE("cluster link: start, stop and start again, each twice") {
  if (!enterNamespace()) return;
  plugAdapter();
  Machine machine(LinkKind::Vxlan);
  for (int i = 0; i < 2; ++i) {
    REQUIRE(machine.link.start());
    REQUIRE(machine.link.start());
    REQUIRE(machine.next() == "up");
    machine.link.stop();
    machine.link.stop();
    CHECK_FALSE(exists("cluster200"));
  }
}

TEST_CASE("cluster link: what a killed daemon left is taken over, and removed at the end") {
  if (!enterNamespace()) return;
  plugAdapter();
  int index = 0;
  {
    Machine killed(LinkKind::Vxlan);
    REQUIRE(killed.link.start());
    REQUIRE(killed.next() == "up");
    index = killed.link.info()->index;
  }
  Machine machine(LinkKind::Vxlan);
  REQUIRE(machine.link.start());
  REQUIRE(machine.next() == "up");
  CHECK(machine.link.info()->index == index);
  machine.link.stop();
  CHECK_FALSE(exists("cluster200"));
}

TEST_CASE("cluster link: what a killed daemon left of another configuration is made anew") {
  if (!enterNamespace()) return;
  plugAdapter();
  {
    Machine killed(LinkKind::Vxlan, 14790);
    REQUIRE(killed.link.start());
    REQUIRE(killed.next() == "up");
  }
  Machine machine(LinkKind::Vxlan);
  REQUIRE(machine.link.start());
  REQUIRE(machine.next() == "up");
  CHECK(machine.link.info()->vxlanPort == 14789);
}

TEST_CASE("cluster link: a link that the administrator made is used and stays at the end") {
  if (!enterNamespace()) return;
  plugAdapter();
  ip("link add cluster200 type vxlan id 200 dstport 14789 dev eth0 group ff12::c1ab:c8");
  Machine machine(LinkKind::Vxlan);
  REQUIRE(machine.link.start());
  REQUIRE(machine.next() == "up");
  machine.link.stop();
  CHECK(exists("cluster200"));
}

TEST_CASE("cluster link: without CAP_NET_ADMIN it says so and how to get it") {
  if (!enterNamespace()) return;
  plugAdapter();
  ip("link set eth0 up");
  Machine machine(LinkKind::Vxlan);
  const WithoutNetAdmin powerless;
  REQUIRE(machine.link.start());
  REQUIRE(machine.next() == "no_permission");
  CHECK(machine.lastProblem().code == ErrorCode::PermissionDenied);
  CHECK_FALSE(machine.lastProblem().remedy.empty());
}

}  // namespace cluster_lab::link::test

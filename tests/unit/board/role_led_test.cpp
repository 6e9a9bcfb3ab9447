#include "board/role_led.hpp"

#include <doctest/doctest.h>

#include "board/role_signal.hpp"
#include "unit/board/machine_tree.hpp"

namespace cluster_lab::board::test {
namespace {

constexpr const char* kTrigger = "sys/class/leds/ACT/trigger";
constexpr const char* kChoice = "none timer heartbeat default-on [mmc0]\n";

/// The file as the kernel shows it after a write: all triggers, the one of now in brackets.
void kernelShows(MachineTree& machine, const std::string& current) {
  std::string text;
  for (const std::string name : {"none", "timer", "heartbeat", "default-on", "mmc0"}) {
    text += (text.empty() ? "" : " ") + (name == current ? "[" + name + "]" : name);
  }
  machine.put(kTrigger, text + "\n");
}

}  // namespace

TEST_CASE("role LED: the trigger of now stands in brackets") {
  const auto triggers = parseTriggers(kChoice);
  CHECK(triggers.current == "mmc0");
  CHECK(triggers.has("timer"));
  CHECK(triggers.has("mmc0"));
  CHECK_FALSE(triggers.has("time"));
  CHECK(parseTriggers("").all.empty());
  CHECK(parseTriggers("[]").current.empty());
}

TEST_CASE("role LED: each role has a trigger of its own") {
  MachineTree machine;
  machine.put(kTrigger, kChoice).put("run/kept", "");
  auto led = RoleLed::open(machine.root(), machine.root() / "run").value();
  REQUIRE(led.show(Role::Searching));
  CHECK(machine.content(kTrigger) == "timer");
  kernelShows(machine, "timer");
  REQUIRE(led.show(Role::Following));
  CHECK(machine.content(kTrigger) == "heartbeat");
  kernelShows(machine, "heartbeat");
  REQUIRE(led.show(Role::Leading));
  CHECK(machine.content(kTrigger) == "default-on");
}

TEST_CASE("role LED: what it showed before comes back, also after a crash of the daemon") {
  MachineTree machine;
  machine.put(kTrigger, kChoice).put("run/kept", "");
  auto crashed = RoleLed::open(machine.root(), machine.root() / "run").value();
  REQUIRE(crashed.show(Role::Leading));
  kernelShows(machine, "default-on");
  auto next = RoleLed::open(machine.root(), machine.root() / "run").value();
  REQUIRE(next.show(Role::Searching));
  kernelShows(machine, "timer");
  REQUIRE(next.putBack());
  CHECK(machine.content(kTrigger) == "mmc0");
  kernelShows(machine, "mmc0");
  REQUIRE(next.putBack());
  CHECK(machine.content(kTrigger) == "none timer heartbeat default-on [mmc0]\n");
}

TEST_CASE("role LED: a kernel without the trigger, or a board without the LED, is left alone") {
  MachineTree machine;
  makeComputeModule(machine);
  auto led = RoleLed::open(machine.root(), machine.root() / "run").value();
  CHECK(led.show(Role::Leading).error().code == ErrorCode::Unsupported);
  CHECK(machine.content("sys/class/leds/led0/trigger") == "none [mmc0] timer\n");
  REQUIRE(led.putBack());
  CHECK(machine.content("sys/class/leds/led0/trigger") == "none [mmc0] timer\n");
  const MachineTree bare;
  CHECK(RoleLed::open(bare.root(), bare.root()).error().code == ErrorCode::NotFound);
}

}  // namespace cluster_lab::board::test

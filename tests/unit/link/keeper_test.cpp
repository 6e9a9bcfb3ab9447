#include "link/keeper.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::link {
namespace {

using namespace std::chrono_literals;

/// What the keeper decided, in a word each, so that a case reads as a story.
std::string told(const Actions& actions) {
  struct Word {
    std::string operator()(const Attempt& attempt) const {
      switch (attempt.task) {
        case Task::SwitchParentOn:
          return "switch-parent-on";
        case Task::MakeLink:
          return "make";
        case Task::SwitchLinkOn:
          return "switch-link-on";
      }
      return "?";
    }
    std::string operator()(const RemoveLink& remove) const {
      return "remove-" + std::to_string(remove.index);
    }
    std::string operator()(const TellUp& up) const { return "up-" + std::to_string(up.link.index); }
    std::string operator()(const TellDown&) const { return "down"; }
    std::string operator()(const TellProblem& tell) const { return tell.problem.state; }
    std::string operator()(const Note&) const { return "note"; }
  };
  std::string words;
  for (const auto& action : actions) {
    words += (words.empty() ? "" : " ") + std::visit(Word{}, action);
  }
  return words;
}

/// A machine with one interface and its cluster link, and the keeper that looks after it.
struct Machine {
  explicit Machine(LinkKind kind = LinkKind::Vlan)
      : keeper({kind, "eth0", kind == LinkKind::None ? "eth0" : "eth0.200", 200, 14789}) {}

  void plugAdapter(int index, bool up, bool carrier) {
    seen.parent =
        Interface{.index = index, .name = "eth0", .mac = {}, .up = up, .carrier = carrier};
  }
  void addLink(int index, bool up = true, bool ours = true) {
    seen.link = Interface{.index = index,
                          .name = "eth0.200",
                          .mac = {},
                          .up = up,
                          .carrier = up && seen.parent->carrier,
                          .ours = ours};
  }
  std::string look() { return step(seen); }
  std::string step(const Event& event) { return told(keeper.step(now, event)); }
  /// From nothing to up, the link made by us with index 7.
  void bringUp() {
    plugAdapter(2, true, true);
    CHECK(look() == "make");
    CHECK(step(Made{7}) == "");
    addLink(7, false);
    CHECK(look() == "switch-link-on");
    addLink(7);
    CHECK(look() == "up-7");
    now += 1min;
  }

  TimePoint now{};
  Seen seen;
  Keeper keeper;
};

}  // namespace

TEST_CASE("keeper: from a missing adapter to the link, each wait told once") {
  Machine machine;
  CHECK(machine.look() == "link_missing");
  CHECK(machine.look() == "");
  CHECK_FALSE(machine.keeper.nextDeadline());
  machine.plugAdapter(2, false, false);
  CHECK(machine.look() == "switch-parent-on");
  machine.plugAdapter(2, true, false);
  CHECK(machine.look() == "no_carrier");
  CHECK_FALSE(machine.keeper.nextDeadline());
  machine.bringUp();
  CHECK(machine.look() == "");
}

TEST_CASE("keeper: a link that is there already is used when it is as planned, and stays") {
  Machine machine;
  machine.plugAdapter(2, true, true);
  machine.addLink(7, true, false);
  CHECK(machine.look() == "make");
  CHECK(machine.step(Made{7}) == "");
  CHECK(machine.look() == "up-7");
  CHECK(machine.step(Stopped{}) == "");
}

TEST_CASE("keeper: a link that was made is removed at the end, and a new start makes it again") {
  Machine machine;
  machine.bringUp();
  CHECK(machine.step(Stopped{}) == "remove-7");
  CHECK(machine.step(Stopped{}) == "");
  machine.seen.link.reset();
  machine.bringUp();
}

TEST_CASE("keeper: a link that somebody put in the place of ours is not removed at the end") {
  Machine machine;
  machine.bringUp();
  machine.seen.link.reset();
  CHECK(machine.look() == "note down make");
  machine.addLink(9, true, false);
  CHECK(machine.step(Made{9}) == "");
  CHECK(machine.look() == "up-9");
  CHECK(machine.step(Stopped{}) == "");
}

TEST_CASE("keeper: a link that was made but could not be switched on is removed at the end") {
  Machine machine;
  machine.plugAdapter(2, true, true);
  CHECK(machine.look() == "make");
  CHECK(machine.step(Made{7}) == "");
  machine.addLink(7, false);
  CHECK(machine.look() == "switch-link-on");
  CHECK(machine.step(Failed{Task::SwitchLinkOn, {ErrorCode::Io, "x", ""}}) == "link_failed");
  CHECK(machine.step(Stopped{}) == "remove-7");
}

TEST_CASE("keeper: kind none takes the parent as it is and removes nothing") {
  Machine machine(LinkKind::None);
  machine.plugAdapter(2, true, true);
  CHECK(machine.look() == "up-2");
  CHECK(machine.step(Stopped{}) == "");
}

TEST_CASE("keeper: pulling the cable takes the link down, plugging it in brings it back") {
  Machine machine;
  machine.bringUp();
  machine.plugAdapter(2, true, false);
  CHECK(machine.look() == "down no_carrier");
  machine.plugAdapter(2, true, true);
  CHECK(machine.look() == "up-7");
}

TEST_CASE("keeper: an adapter that goes and comes back as another gets a link of its own") {
  Machine machine;
  machine.bringUp();
  machine.seen = {};
  CHECK(machine.look() == "down link_missing");
  machine.plugAdapter(5, false, false);
  CHECK(machine.look() == "switch-parent-on");
  machine.plugAdapter(5, true, true);
  CHECK(machine.look() == "make");
  CHECK(machine.step(Made{8}) == "");
  machine.addLink(8);
  CHECK(machine.look() == "up-8");
  CHECK(machine.step(Stopped{}) == "remove-8");
}

TEST_CASE("keeper: a link that was replaced between two looks is looked at before it is used") {
  Machine machine;
  machine.bringUp();
  machine.addLink(8);
  CHECK(machine.look() == "note down make");
  CHECK(machine.step(Made{8}) == "");
  CHECK(machine.look() == "up-8");
}

TEST_CASE("keeper: another MAC address is told down and up") {
  Machine machine;
  machine.bringUp();
  machine.seen.link->mac = MacAddress::broadcast();
  CHECK(machine.look() == "down up-7");
}

TEST_CASE("keeper: what somebody removes or switches off is put right at once, and noted") {
  Machine machine;
  machine.bringUp();
  machine.addLink(7, false);
  CHECK(machine.look() == "note down switch-link-on");
  machine.addLink(7);
  CHECK(machine.look() == "up-7");
  machine.plugAdapter(2, false, false);
  CHECK(machine.look() == "note down switch-parent-on");
}

TEST_CASE("keeper: two that fight over a switch do so four times a second, not more") {
  Machine machine;
  machine.bringUp();
  machine.addLink(7, false);
  CHECK(machine.look() == "note down switch-link-on");
  machine.addLink(7);
  CHECK(machine.look() == "up-7");
  machine.addLink(7, false);
  CHECK(machine.look() == "note down");
  CHECK(machine.keeper.nextDeadline() == machine.now + 250ms);
  machine.now += 250ms;
  CHECK(machine.look() == "switch-link-on");
}

TEST_CASE("keeper: a link that differs is a problem, and stays at the end") {
  Machine machine;
  machine.plugAdapter(2, true, true);
  machine.addLink(7, true, false);
  CHECK(machine.look() == "make");
  CHECK(machine.step(Failed{Task::MakeLink, {ErrorCode::AlreadyExists, "x", ""}}) ==
        "link_differs");
  CHECK(machine.step(Stopped{}) == "");
}

TEST_CASE("keeper: a link of ours that differs, from another configuration, is made anew") {
  Machine machine;
  machine.plugAdapter(2, true, true);
  machine.addLink(7);
  CHECK(machine.look() == "make");
  CHECK(machine.step(Failed{Task::MakeLink, {ErrorCode::AlreadyExists, "x", ""}}) ==
        "note remove-7");
  machine.seen.link.reset();
  CHECK(machine.look() == "");
  machine.now = machine.keeper.nextDeadline().value();
  CHECK(machine.look() == "make");
}

TEST_CASE("keeper: a failure is told once and tried again, each time after twice as long") {
  Machine machine;
  machine.plugAdapter(2, true, true);
  const Failed failed{Task::MakeLink, {ErrorCode::Unsupported, "no 8021q", "use vxlan"}};
  CHECK(machine.look() == "make");
  CHECK(machine.step(failed) == "unsupported_link");
  for (const auto delay : {250ms, 500ms, 1000ms, 2000ms, 4000ms, 8000ms, 16000ms, 30000ms}) {
    REQUIRE(machine.keeper.nextDeadline() == machine.now + delay);
    machine.now += delay - 1ms;
    CHECK(machine.look() == "");
    machine.now += 1ms;
    CHECK(machine.look() == "make");
    CHECK(machine.step(failed) == "");
  }
}

TEST_CASE("keeper: a change of the interfaces brings the next attempt forward") {
  Machine machine;
  machine.plugAdapter(2, true, true);
  for (int i = 0; i < 8; ++i) {
    CHECK(machine.look() == "make");
    machine.step(Failed{Task::MakeLink, {ErrorCode::Io, "x", ""}});
    machine.now = machine.keeper.nextDeadline().value();
  }
  machine.now -= 10s;
  machine.plugAdapter(3, true, true);
  CHECK(machine.look() == "make");
}

TEST_CASE("keeper: a change right after a failure waits for the spacing, so that nothing spins") {
  Machine machine;
  machine.plugAdapter(2, true, true);
  CHECK(machine.look() == "make");
  machine.step(Failed{Task::MakeLink, {ErrorCode::Io, "x", ""}});
  machine.plugAdapter(3, true, true);
  CHECK(machine.look() == "");
  CHECK(machine.keeper.nextDeadline() == machine.now + 250ms);
}

}  // namespace cluster_lab::link

#include "registry/user_events.hpp"

#include <doctest/doctest.h>

#include "registry/decide_services.hpp"
#include "registry/numbered_rows.hpp"
#include "world.hpp"

namespace cluster_lab::registry {

using test::idOf;
using test::nodeOf;
using test::World;

namespace {

UserEvent eventOf(const std::string& name, const std::string& node = {},
                  const std::string& service = {}, const std::string& tag = {}) {
  return {.id = "20ed9269-8096-1dc5-a49a-3a51c7f09b33",
          .name = name,
          .payload = {},
          .nodeFilter = node,
          .serviceFilter = service,
          .tagFilter = tag};
}

struct Events : World {
  Events() {
    add(nodeOf(1));
    add(nodeOf(2));
    carryOut(decide::putService(state, test::serviceOf(1)));
  }
  void fire(const UserEvent& event) { carryOut(decide::fireEvent(state, event)); }
  /// Whether an event with these filters reaches the node.
  bool reaches(std::uint8_t node, const std::string& nodeFilter, const std::string& service = {},
               const std::string& tag = {}) {
    World world = *this;
    world.carryOut(decide::fireEvent(world.state, eventOf("e", nodeFilter, service, tag)));
    return !eventsFor(world.state, idOf(node), "").empty();
  }
};

std::string refusalOf(const UserEvent& event) {
  const auto good = checkEvent(event);
  return good ? "" : good.error().message;
}

}  // namespace

TEST_CASE("events: come in the order they were fired, by name where asked for") {
  Events world;
  world.fire(eventOf("deploy"));
  world.fire(eventOf("restart"));
  const auto all = eventsFor(world.state, idOf(1), "");
  REQUIRE(all.size() == 2);
  CHECK(all[0]->name == "deploy");
  CHECK(all[0]->lamportTime == 1);
  CHECK(all[1]->lamportTime == 2);
  CHECK(eventsFor(world.state, idOf(1), "restart").size() == 1);
  CHECK(eventsFor(world.state, idOf(1), "none").empty());
}

TEST_CASE("events: the filters are expressions on the node, a service and one of its tags") {
  Events world;
  CHECK(world.reaches(1, "pi-.*"));
  CHECK(world.reaches(1, "1"));
  CHECK_FALSE(world.reaches(2, "^pi-1$"));
  CHECK(world.reaches(1, "", "web"));
  CHECK_FALSE(world.reaches(2, "", "web"));
  CHECK(world.reaches(1, "", "^w", "v[0-9]"));
  CHECK_FALSE(world.reaches(1, "", "web", "v2"));
  CHECK_FALSE(world.reaches(1, "pi-2", "web"));
}

TEST_CASE("events: a filter that would take for ever does not") {
  Events world;
  auto node = nodeOf(3);
  node.name = std::string(60, 'a');
  world.add(node);
  CHECK_FALSE(world.reaches(3, "^(a*)*b$"));
}

TEST_CASE("events: Consul's refusals") {
  CHECK(refusalOf(eventOf("x")).empty());
  CHECK(refusalOf(eventOf("x", "", "", "v1")) ==
        "Cannot provide tag filter without service filter");
  CHECK(refusalOf(eventOf("x", "(")).starts_with("Invalid node filter: error parsing regexp: "));
  CHECK(refusalOf(eventOf("x", "", "(")).starts_with("Invalid service filter: "));
  CHECK(refusalOf(eventOf("x", "", "w", "(")).starts_with("Invalid tag filter: "));
  auto large = eventOf("x");
  large.payload = std::string(511, 'p');
  CHECK(refusalOf(large).empty());
  large.payload += 'p';
  CHECK(refusalOf(large).find("exceeds configured limit of 512 bytes") != std::string::npos);
}

TEST_CASE("events: the index is the newest one's id, as Consul's clients work it out") {
  const auto event = eventOf("x");
  CHECK(indexOf({&event}) == (0x20ED926980961DC5U ^ 0xA49A3A51C7F09B33U));
  CHECK(indexOf({}) == 1);
}

TEST_CASE("events: the newest 256 are kept") {
  Events world;
  for (std::size_t i = 0; i < kNewestKept + 2; ++i) world.fire(eventOf("e"));
  CHECK(world.state.events().size() == kNewestKept);
  CHECK(eventsFor(world.state, idOf(1), "").front()->lamportTime == 3);
}

}  // namespace cluster_lab::registry

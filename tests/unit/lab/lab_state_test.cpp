#include "lab/lab_state.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::lab {
namespace {

LabState sample() {
  return {.name = "lab",
          .bootId = "b",
          .lan = *Ipv4Network::parse("198.18.7.0/24"),
          .link = "vxlan",
          .cardMiB = 16,
          .nodes = {{.index = 1, .options = {}, .init = {42, 4711}, .plugged = true},
                    {.index = 3, .options = {"--cluster.id=x"}, .init = {}, .plugged = false}}};
}

}  // namespace

TEST_CASE("lab state: what was written is read again") {
  const auto read = parseLabState(toJson(sample()));
  REQUIRE(read);
  CHECK(*read == sample());
}

TEST_CASE("lab state: what is no state is corrupt") {
  for (const auto* text : {"", "{}", "[]", R"({"name": 1})"}) {
    const auto read = parseLabState(text);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == ErrorCode::Corrupt);
  }
}

TEST_CASE("lab state: nodes are found by name, new ones come behind the last") {
  auto state = sample();
  REQUIRE(state.find("pi3") != nullptr);
  CHECK(state.find("pi3")->options.size() == 1);
  CHECK(state.find("pi2") == nullptr);
  CHECK(state.nextIndex() == 4);
  CHECK(state.address(state.nodes[1]).toString() == "198.18.7.3");
  CHECK(LabState{}.nextIndex() == 1);
}

}  // namespace cluster_lab::lab

#include "cli/wording.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::cli {

TEST_CASE("wording: durations have one or two units") {
  CHECK(durationText(0) == "0 s");
  CHECK(durationText(59) == "59 s");
  CHECK(durationText(150) == "2 min");
  CHECK(durationText(4000) == "1 h 6 min");
  CHECK(durationText(200000) == "2 d 7 h");
  CHECK(durationText(-5) == "0 s");
}

TEST_CASE("wording: one node, three nodes") {
  CHECK(countText(1, "node") == "1 node");
  CHECK(countText(3, "node") == "3 nodes");
}

TEST_CASE("wording: lists read like a sentence") {
  CHECK(listText({}).empty());
  CHECK(listText({"a"}) == "a");
  CHECK(listText({"a", "b", "c"}) == "a, b and c");
}

TEST_CASE("wording: what came over the wire cannot steer a terminal") {
  CHECK(printable("pi\033[31m\n") == "pi?[31m?");
  CHECK(printable("Küche") == "Küche");
}

}  // namespace cluster_lab::cli

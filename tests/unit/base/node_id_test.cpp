#include "base/node_id.hpp"

#include <doctest/doctest.h>

namespace cluster_lab {

TEST_CASE("node id: what is written is read back") {
  const auto id = NodeId::parse("0b9d1f6e-27c4-4c7e-9d2a-3c5e1f7a9b01");
  REQUIRE(id.has_value());
  CHECK(id->toString() == "0b9d1f6e-27c4-4c7e-9d2a-3c5e1f7a9b01");
}

TEST_CASE("node id: random bytes become a version 4 UUID") {
  const auto text =
      NodeId::fromRandom({0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}).toString();
  CHECK(text[14] == '4');
  CHECK(text[19] == 'b');
}

TEST_CASE("node id: what is none is refused") {
  for (const auto* text :
       {"", "0b9d1f6e", "0b9d1f6e-27c4-4c7e-9d2a-3c5e1f7a9b0",
        "0b9d1f6e+27c4-4c7e-9d2a-3c5e1f7a9b01", "0b9d1f6e-27c4-4c7e-9d2a-3c5e1f7a9bzz"}) {
    CHECK_FALSE(NodeId::parse(text).has_value());
  }
  CHECK(NodeId{}.isNobody());
}

}  // namespace cluster_lab

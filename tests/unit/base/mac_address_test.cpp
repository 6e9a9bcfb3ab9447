#include "base/mac_address.hpp"

#include <doctest/doctest.h>

namespace cluster_lab {

TEST_CASE("mac address: what is written is read back in lower case") {
  CHECK(MacAddress::parse("B8:27:EB:00:0a:fF")->toString() == "b8:27:eb:00:0a:ff");
}

TEST_CASE("mac address: it orders as a number") {
  CHECK(MacAddress::parse("00:00:00:00:00:02").value() <
        MacAddress::parse("00:00:00:00:01:00").value());
}

TEST_CASE("mac address: what is none is refused") {
  for (const auto* text : {"", "b8:27:eb:00:00", "b8:27:eb:00:00:1", "b8-27-eb-00-00-01",
                           "b8:27:eb:00:00:gg", "b8:27:eb:00:00:001"}) {
    CHECK_FALSE(MacAddress::parse(text).has_value());
  }
}

}  // namespace cluster_lab

#include "base/text.hpp"

#include <doctest/doctest.h>

namespace cluster_lab {

TEST_CASE("text: split keeps empty parts") {
  const auto parts = split("a,,b,", ',');
  REQUIRE(parts.size() == 4);
  CHECK(parts[1].empty());
  CHECK(parts[3].empty());
}

TEST_CASE("text: trim takes blanks and line ends off both sides") {
  CHECK(trim(" \t a b \r\n") == "a b");
  CHECK(trim("  ").empty());
}

TEST_CASE("text: a whole number is read within its bounds only") {
  CHECK(parseInteger("42", 0, 100).value() == 42);
  CHECK(parseInteger("-3", -5, 5).value() == -3);
  for (const auto* text : {"", "101", "4 2", "0x1", "+1", "99999999999999999999"}) {
    CHECK_FALSE(parseInteger(text, 0, 100).has_value());
  }
}

TEST_CASE("text: a host label has letters, digits and inner hyphens") {
  CHECK(isHostLabel("pi-3f2a"));
  for (const auto* text : {"", "-pi", "pi-", "pi_1", "p i", "pi.local"})
    CHECK_FALSE(isHostLabel(text));
  CHECK_FALSE(isHostLabel(std::string(64, 'a')));
}

TEST_CASE("text: hexadecimal") {
  CHECK(hex(0x0A) == "0a");
  CHECK(parseHex("fF").value() == 255);
  CHECK_FALSE(parseHex("-1").has_value());
  CHECK_FALSE(parseHex("").has_value());
  CHECK(toLower("Pi-3F") == "pi-3f");
}

}  // namespace cluster_lab

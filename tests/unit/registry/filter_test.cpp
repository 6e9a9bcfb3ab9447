#include "registry/filter.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::registry {
namespace {

constexpr const char* kElement =
    R"({"Node":{"Node":"pi-1","Meta":{"rack":"a b"}},"Service":{"Port":80,"Tags":["v1","x.y"],)"
    R"("Meta":{},"EnableTagOverride":false},"Checks":[{"Status":"passing"},{"Status":"warning"}]})";

bool fits(const char* expression) {
  const auto filter = Filter::parse(expression);
  REQUIRE(filter);
  const auto matches = filter->matches(kElement);
  REQUIRE(matches);
  return *matches;
}

std::string errorOf(const char* expression) {
  const auto filter = Filter::parse(expression);
  return filter ? filter->matches(kElement).error().message : filter.error().message;
}

}  // namespace

TEST_CASE("filter: a member is compared with a word, a number, a truth or a quoted text") {
  CHECK(fits("Node.Node == pi-1"));
  CHECK(fits("Node.Node==\"pi-1\""));
  CHECK_FALSE(fits("Node.Node != `pi-1`"));
  CHECK(fits("Service.Port == 80"));
  CHECK(fits("Service.EnableTagOverride == false"));
  CHECK(fits("Node.Meta.rack == \"a b\""));
  CHECK(fits("Node.Meta[\"rack\"] == \"a b\""));
  CHECK_FALSE(fits("Node.Meta.none == x"));
}

TEST_CASE("filter: in and contains look into arrays, maps and texts") {
  CHECK(fits("\"x.y\" in Service.Tags"));
  CHECK(fits("Service.Tags contains v1"));
  CHECK(fits("v2 not in Service.Tags"));
  CHECK(fits("Service.Tags not contains v2"));
  CHECK(fits("rack in Node.Meta"));
  CHECK(fits("pi in Node.Node"));
}

TEST_CASE("filter: empty members, and members that are not there, are empty") {
  CHECK(fits("Service.Meta is empty"));
  CHECK(fits("Service.Tags is not empty"));
  CHECK(fits("Service.Gone is empty"));
}

TEST_CASE("filter: in an array of objects any of them will do") {
  CHECK(fits("Checks.Status == warning"));
  CHECK_FALSE(fits("Checks.Status == critical"));
}

TEST_CASE("filter: and binds before or, not before both, parentheses before all") {
  CHECK(fits("Service.Port == 1 and Service.Port == 2 or Service.Port == 80"));
  CHECK_FALSE(fits("Service.Port == 1 and (Service.Port == 2 or Service.Port == 80)"));
  CHECK(fits("not Service.Port == 1 and Service.Port == 80"));
  CHECK_FALSE(fits("not (Service.Port == 80 or Service.Port == 1)"));
}

TEST_CASE("filter: what is wrong is told") {
  CHECK(errorOf("Xeta == b") ==
        "Failed to create boolean expression evaluator: Selector \"Xeta\" is not valid");
  CHECK(
      errorOf("foo") ==
      "Failed to create boolean expression evaluator: 1:4: expected ==, !=, in, not in, contains, "
      "not contains, is empty or is not empty");
  CHECK(errorOf("Service.Port == abc") ==
        "Failed to create boolean expression evaluator: Failed to coerce value \"abc\" for "
        "selector \"Port\": expected a number");
  for (const auto* wrong : {"", "(", "a ==", "== b", "a == b c", "a is", "\"a\" == b", "a == \"b",
                            "(a == b", "Node.Node matches \"p.*\""}) {
    INFO(wrong);
    CHECK_FALSE(Filter::parse(wrong));
  }
  CHECK_FALSE(Filter::parse(std::string(100, '(') + "a == b" + std::string(100, ')')));
}

}  // namespace cluster_lab::registry

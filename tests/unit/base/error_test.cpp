#include "base/error.hpp"

#include <doctest/doctest.h>

namespace cluster_lab {

TEST_CASE("error: each level adds what it was doing and the remedy stays") {
  const Error inner{ErrorCode::PermissionDenied, "Operation not permitted", "run it as root"};
  const auto outer = inner.during("add link").during("set up VLAN 200 on eth0");
  CHECK(outer.code == ErrorCode::PermissionDenied);
  CHECK(outer.message == "set up VLAN 200 on eth0: add link: Operation not permitted");
  CHECK(outer.text() ==
        "set up VLAN 200 on eth0: add link: Operation not permitted: run it as root");
}

TEST_CASE("error: without a remedy the text is the message") {
  CHECK(Error{ErrorCode::Io, "disk full", ""}.text() == "disk full");
}

}  // namespace cluster_lab

#include "scheduler/api_version.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::scheduler {

TEST_CASE("api version: a prefix that we serve is taken off, anything else stays") {
  for (const auto* path : {"/v1.24/info", "/v1.41/info", "/v1.30/info", "/info"}) {
    INFO(path);
    CHECK(withoutApiVersion(path) == std::string_view("/info"));
  }
  for (const auto* path : {"/v2/info", "/v1.x/info", "/v1./info", "/v1.30", "/version"}) {
    INFO(path);
    const auto rest = withoutApiVersion(path);
    REQUIRE(rest);
    CHECK(*rest == (std::string_view(path) == "/v1.30" ? "" : path));
  }
}

TEST_CASE("api version: too old and too new are refused in Docker's words") {
  CHECK(withoutApiVersion("/v1.12/info").error().message.find("is too old") != std::string::npos);
  CHECK(withoutApiVersion("/v1.50/info").error().message ==
        "client version 1.50 is too new. Maximum supported API version is 1.41");
}

}  // namespace cluster_lab::scheduler

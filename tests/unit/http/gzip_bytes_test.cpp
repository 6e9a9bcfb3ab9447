#include "http/gzip_bytes.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::http {

TEST_CASE("gzip bytes: what was compressed comes back") {
  for (const auto& bytes : {std::string(), std::string("hello"), std::string(1000000, 'x')}) {
    const auto packed = gzip(bytes);
    REQUIRE(packed);
    CHECK(gunzip(*packed, 1000000).value() == bytes);
  }
}

TEST_CASE("gzip bytes: cut off, no gzip at all, or too large") {
  const auto packed = gzip(std::string(100000, 'x')).value();
  CHECK(gunzip(packed.substr(0, packed.size() - 9), 1000000).error().message == "unexpected EOF");
  CHECK(gunzip("garbage garbage", 1000).error().message == "gzip: invalid header");
  CHECK(gunzip("", 1000).error().message == "EOF");
  CHECK(gunzip(packed, 1000).error().code == ErrorCode::Exhausted);
}

}  // namespace cluster_lab::http

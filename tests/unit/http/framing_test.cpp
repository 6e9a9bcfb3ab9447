#include "http/framing.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::http {
namespace {

Result<Framing> framingWith(std::vector<std::pair<std::string, std::string>> headers) {
  Request request;
  request.headers = std::move(headers);
  return framingOf(request);
}

}  // namespace

TEST_CASE("framing: without a header there is no body") {
  const auto framing = framingWith({{"Host", "x"}});
  REQUIRE(framing);
  CHECK_FALSE(framing->hasBody());
}

TEST_CASE("framing: a length is a decimal number") {
  CHECK(framingWith({{"content-LENGTH", " 12 "}})->length == 12);
  for (const auto* text : {"", "-1", "+1", "1,1", "0x10", "1 2", "99999999999999999999"}) {
    INFO(text);
    CHECK(framingWith({{"Content-Length", text}}).error().code == ErrorCode::InvalidArgument);
  }
}

TEST_CASE("framing: chunked is the only transfer encoding") {
  CHECK(framingWith({{"Transfer-Encoding", "Chunked"}})->chunked);
  CHECK(framingWith({{"Transfer-Encoding", "gzip, chunked"}}).error().code ==
        ErrorCode::Unsupported);
}

TEST_CASE("framing: two words on the length are refused") {
  CHECK_FALSE(framingWith({{"Content-Length", "1"}, {"Content-Length", "1"}}));
  CHECK_FALSE(framingWith({{"Content-Length", "1"}, {"Transfer-Encoding", "chunked"}}));
}

}  // namespace cluster_lab::http

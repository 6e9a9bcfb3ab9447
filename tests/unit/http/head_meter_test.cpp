#include "http/head_meter.hpp"

#include <doctest/doctest.h>

#include <string>

namespace cluster_lab::http {

TEST_CASE("head meter: a usual request fits, however it is cut") {
  const std::string request = "GET /v1/kv/a HTTP/1.1\r\nHost: pi-1:8500\r\nAccept: */*\r\n\r\n";
  HeadMeter whole;
  CHECK(whole.take(request));
  HeadMeter cut;
  for (const char c : request) CHECK(cut.take({&c, 1}));
}

TEST_CASE("head meter: bytes, lines and the length of a line have a limit") {
  HeadMeter lines;
  CHECK(lines.take(std::string(HeadMeter::kMaxLines, '\n')));
  CHECK_FALSE(lines.take("\n"));
  HeadMeter line;
  CHECK(line.take(std::string(HeadMeter::kMaxLine, 'x')));
  CHECK_FALSE(line.take("x"));
  HeadMeter bytes;
  const std::string piece = std::string(1023, 'x') + "\n";
  for (std::size_t i = 0; i < HeadMeter::kMaxBytes / piece.size(); ++i) CHECK(bytes.take(piece));
  CHECK_FALSE(bytes.take("x"));
}

}  // namespace cluster_lab::http

#include <doctest/doctest.h>

#include "registry/base64.hpp"
#include "registry/go_values.hpp"

namespace cluster_lab::registry {

using namespace std::chrono_literals;

TEST_CASE("go duration: units, fractions and sums are read") {
  CHECK(parseGoDuration("10s").value() == 10s);
  CHECK(parseGoDuration("5m").value() == 5min);
  CHECK(parseGoDuration("100ms").value() == 100ms);
  CHECK(parseGoDuration("1.5h").value() == 90min);
  CHECK(parseGoDuration("1m30s").value() == 90s);
  CHECK(parseGoDuration("-5s").value() == -5s);
  CHECK(parseGoDuration("0").value() == 0s);
  CHECK(parseGoDuration("7us").value() == 7us);
}

TEST_CASE("go duration: a bare number, an unknown unit and no number are refused") {
  for (const auto* text : {"5", "", "s", "10 s", "10x", "1s5", "-", ".s", "1..5s", "10S"}) {
    INFO(text);
    CHECK_FALSE(parseGoDuration(text));
  }
}

TEST_CASE("go duration: a long one is cut to a year") {
  CHECK(parseGoDuration("999999999999h").value() == 365 * 24h);
}

TEST_CASE("go number: digits up to 64 bits, nothing else") {
  CHECK(parseGoUnsigned("18446744073709551615") == 18446744073709551615U);
  for (const auto* text : {"", "-1", "+1", "1 ", "0x1", "18446744073709551616"}) {
    INFO(text);
    CHECK_FALSE(parseGoUnsigned(text));
  }
}

TEST_CASE("base64: RFC 4648 section 10") {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    CHECK(toBase64(bytes) == text);
    CHECK(fromBase64(text).value() == bytes);
  }
}

TEST_CASE("base64: any bytes come back") {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  CHECK(fromBase64(toBase64(bytes)).value() == bytes);
}

TEST_CASE("base64: what is none is refused") {
  for (const auto* text : {"Z", "Zg", "Zg=", "Z===", "====", "Zm9*", "Zg==Zg=="}) {
    INFO(text);
    CHECK_FALSE(fromBase64(text));
  }
}

}  // namespace cluster_lab::registry

#include "http/body_decoder.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::http {
namespace {

struct Decoded {
  std::string body;
  std::string rest;  ///< what belongs to the next message
  bool complete = false;
  bool refused = false;
};

/// Feeds `input` in pieces of `size` bytes.
Decoded decodeBy(std::size_t size, const Framing& framing, std::string input) {
  BodyDecoder decoder(framing);
  Decoded result;
  while (!input.empty() && !decoder.complete()) {
    const auto taken = decoder.take(std::string_view(input).substr(0, size), result.body);
    if (!taken) {
      result.refused = true;
      break;
    }
    input.erase(0, *taken);
  }
  result.rest = input;
  result.complete = decoder.complete();
  return result;
}

Decoded decodeChunks(const std::string& input) {
  const auto whole = decodeBy(input.size() + 1, {.chunked = true, .length = {}}, input);
  const auto single = decodeBy(1, {.chunked = true, .length = {}}, input);
  CHECK(whole.body == single.body);
  CHECK(whole.rest == single.rest);
  CHECK(whole.complete == single.complete);
  return whole;
}

}  // namespace

TEST_CASE("body: a length ends it, what follows is left") {
  const Framing framing{.chunked = false, .length = 3};
  for (const std::size_t size : {1U, 2U, 100U}) {
    const auto result = decodeBy(size, framing, "abcNEXT");
    CHECK(result.body == "abc");
    CHECK(result.rest == "NEXT");
    CHECK(result.complete);
  }
  CHECK(BodyDecoder({.chunked = false, .length = 0}).complete());
  CHECK_FALSE(decodeBy(100, framing, "ab").complete);
}

TEST_CASE("body: without length it lasts until the end") {
  BodyDecoder decoder({});
  std::string body;
  CHECK(decoder.take("abc", body) == 3U);
  CHECK_FALSE(decoder.complete());
  CHECK(decoder.completeAtEnd());
}

TEST_CASE("body: chunks are put together, extensions and trailers left out") {
  const auto result =
      decodeChunks("3;name=\"v\"\r\nabc\r\nA \r\n0123456789\r\n0\r\nT: x\r\nU: y\r\n\r\nNEXT");
  CHECK(result.body == "abc0123456789");
  CHECK(result.rest == "NEXT");
  CHECK(result.complete);
}

TEST_CASE("body: malformed chunks are refused") {
  for (const auto* input : {"\r\n", "x\r\n", "-1\r\n", "3\nabc", "3\r\nabcd\r\n",
                            "10000000000000000\r\n", "fffffffffffff\r\n", "0\r\nT: x\n\r\n"}) {
    INFO(input);
    CHECK(decodeBy(100, {.chunked = true, .length = {}}, input).refused);
  }
  CHECK(decodeBy(100, {.chunked = true, .length = {}}, std::string(2000, '0')).refused);
  CHECK(decodeBy(100, {.chunked = true, .length = {}}, "0\r\n" + std::string(2000, 'T')).refused);
}

TEST_CASE("body: an unfinished chunk is not complete at the end") {
  BodyDecoder decoder({.chunked = true, .length = {}});
  std::string body;
  CHECK(decoder.take("5\r\nabc", body) == 6U);
  CHECK_FALSE(decoder.completeAtEnd());
}

}  // namespace cluster_lab::http

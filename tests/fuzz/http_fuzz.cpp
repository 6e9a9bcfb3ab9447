// Whatever arrives on an HTTP connection is read without harm, and a body is the same whether it
// comes at once or byte by byte.
// Builds: src/http/head.cpp src/http/framing.cpp src/http/body_decoder.cpp src/http/target.cpp
// Builds: src/http/message.cpp
#include <cstdint>
#include <cstdlib>

#include "http/body_decoder.hpp"
#include "http/framing.hpp"
#include "http/head.hpp"
#include "http/target.hpp"

namespace {

using namespace cluster_lab::http;

/// The body's text and what is left behind it, or "refused".
std::string decoded(const Framing& framing, std::string_view input, std::size_t pieces) {
  BodyDecoder decoder(framing);
  std::string body;
  while (!input.empty() && !decoder.complete()) {
    const auto taken = decoder.take(input.substr(0, pieces), body);
    if (!taken) return "refused";
    input.remove_prefix(*taken);
  }
  return body + "|" + std::string(input);
}

void checkBody(const Framing& framing, std::string_view input) {
  if (decoded(framing, input, 1) != decoded(framing, input, input.size() + 1)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  static_cast<void>(parseResponseHead(bytes));
  checkBody({.chunked = true, .length = {}}, bytes);
  const auto end = bytes.find("\r\n\r\n");
  if (end == std::string::npos) return 0;
  const auto head = parseRequestHead(bytes.substr(0, end + 4));
  if (!head) return 0;
  static_cast<void>(parseTarget(head->target));
  if (const auto framing = framingOf(head->headers)) checkBody(*framing, bytes.substr(end + 4));
  return 0;
}

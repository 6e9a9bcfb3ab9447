#include "http/framing.hpp"

#include <limits>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace cluster_lab::http {
namespace {

std::vector<std::string> valuesOf(const Request& request, std::string_view lowerCaseName) {
  std::vector<std::string> values;
  for (const auto& [name, value] : request.headers) {
    if (toLower(name) == lowerCaseName) values.push_back(value);
  }
  return values;
}

}  // namespace

Result<Framing> framingOf(const Request& request) {
  const auto encodings = valuesOf(request, "transfer-encoding");
  const auto lengths = valuesOf(request, "content-length");
  if (encodings.size() + lengths.size() > 1) {
    return fail(ErrorCode::InvalidArgument, "more than one header says how long the body is");
  }
  if (!encodings.empty()) {
    if (toLower(trim(encodings.front())) != "chunked") {
      return fail(ErrorCode::Unsupported, "Transfer-Encoding '" + encodings.front() + "'");
    }
    return Framing{true, 0};
  }
  if (lengths.empty()) return Framing{};
  const auto length =
      parseInteger(trim(lengths.front()), 0, std::numeric_limits<std::int64_t>::max());
  if (!length) return fail(length.error().during("Content-Length"));
  return Framing{false, static_cast<std::uint64_t>(*length)};
}

}  // namespace cluster_lab::http

#include "http/head.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "base/text.hpp"

namespace cluster_lab::http {
namespace {

constexpr std::size_t kMaxHeaders = 100;
constexpr std::string_view kLineEnd = "\r\n";

std::unexpected<Error> malformed(const char* what) {
  return fail(ErrorCode::InvalidArgument, std::string("not HTTP: ") + what);
}

/// Takes the first line off `text`; without its end.
std::string_view takeLine(std::string_view& text) {
  const auto end = std::min(text.find(kLineEnd), text.size());
  const auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + kLineEnd.size(), text.size()));
  return line;
}

Result<Headers> parseHeaders(std::string_view text) {
  Headers headers;
  while (true) {
    const auto line = takeLine(text);
    if (line.empty()) break;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !isToken(line.substr(0, colon))) {
      return malformed("a header without a name");
    }
    const auto value = trim(line.substr(colon + 1));
    if (!hasNoControls(value)) return malformed("a header with a control character");
    if (headers.size() == kMaxHeaders) return malformed("more than 100 headers");
    headers.emplace_back(line.substr(0, colon), value);
  }
  if (!text.empty()) return malformed("an empty line within the head");
  return headers;
}

/// The minor version of HTTP/1.
Result<int> minorVersion(std::string_view word) {
  if (word == "HTTP/1.1") return 1;
  if (word == "HTTP/1.0") return 0;
  if (word.starts_with("HTTP/")) {
    return fail(ErrorCode::Unsupported, "expected HTTP/1.1, found " + std::string(word));
  }
  return malformed("no protocol version");
}

/// RFC 9112 section 9.3.
bool keepsAlive(int minor, const Headers& headers) {
  bool keep = minor >= 1;
  const auto connection = findHeader(headers, "connection").value_or("");
  for (const auto option : split(connection, ',')) {
    const auto word = toLower(trim(option));
    if (word == "close") return false;
    if (word == "keep-alive") keep = true;
  }
  return keep;
}

bool isTokenCharacter(char c) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kMarks.find(c) != std::string_view::npos;
}

bool isControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7F;
}

}  // namespace

bool isToken(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, isTokenCharacter);
}

bool hasNoControls(std::string_view text) {
  return std::ranges::none_of(text, isControl);
}

Result<RequestHead> parseRequestHead(std::string_view text) {
  const auto words = split(takeLine(text), ' ');
  if (words.size() != 3 || !isToken(words[0]) || words[1].empty() || !hasNoControls(words[1])) {
    return malformed("no request line");
  }
  const auto minor = minorVersion(words[2]);
  if (!minor) return fail(minor.error());
  auto headers = parseHeaders(text);
  if (!headers) return fail(headers.error());
  RequestHead head;
  head.method = words[0];
  head.target = words[1];
  head.keepAlive = keepsAlive(*minor, *headers);
  head.expectsContinue =
      *minor >= 1 && toLower(findHeader(*headers, "expect").value_or("")) == "100-continue";
  head.headers = std::move(*headers);
  return head;
}

Result<ResponseHead> parseResponseHead(std::string_view text) {
  const auto line = takeLine(text);
  const auto words = split(line, ' ');
  if (words.size() < 2) return malformed("no status line");
  const auto minor = minorVersion(words[0]);
  if (!minor) return fail(minor.error());
  const auto status = parseInteger(words[1], 100, 999);
  if (!status) return malformed("no status");
  auto headers = parseHeaders(text);
  if (!headers) return fail(headers.error());
  ResponseHead head;
  head.status = static_cast<int>(*status);
  head.keepAlive = keepsAlive(*minor, *headers);
  head.headers = std::move(*headers);
  return head;
}

}  // namespace cluster_lab::http

#include "http/target.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/text.hpp"

namespace cluster_lab::http {
namespace {

std::optional<char> decodedEscape(std::string_view digits) {
  if (digits.size() != 2) return std::nullopt;
  const auto value = parseHex(digits);
  if (!value) return std::nullopt;
  return static_cast<char>(static_cast<std::uint8_t>(*value));
}

std::optional<std::string> decode(std::string_view text, bool plusIsBlank) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      const auto byte = decodedEscape(text.substr(i + 1, 2));
      if (!byte) return std::nullopt;
      decoded += *byte;
      i += 2;
    } else {
      decoded += plusIsBlank && text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

std::multimap<std::string, std::string> parseQuery(std::string_view text) {
  std::multimap<std::string, std::string> query;
  for (const auto pair : split(text, '&')) {
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    auto name = decode(pair.substr(0, equals), true);
    auto value = equals == std::string_view::npos ? std::optional<std::string>(std::string())
                                                  : decode(pair.substr(equals + 1), true);
    if (name && value) query.emplace(std::move(*name), std::move(*value));
  }
  return query;
}

/// "http://host/path" becomes "/path" (RFC 9112 section 3.2.2).
std::string_view originForm(std::string_view text) {
  constexpr std::string_view kScheme = "http://";
  if (!text.starts_with(kScheme)) return text;
  const auto slash = text.find('/', kScheme.size());
  return slash == std::string_view::npos ? "/" : text.substr(slash);
}

bool isUnreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

}  // namespace

std::optional<Target> parseTarget(std::string_view text) {
  text = originForm(text);
  const auto mark = text.find('?');
  auto path = decode(text.substr(0, mark), false);
  if (!path) return std::nullopt;
  Target target{std::move(*path), {}};
  if (mark != std::string_view::npos) target.query = parseQuery(text.substr(mark + 1));
  return target;
}

bool isOneWord(std::string_view text) {
  return std::ranges::none_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte == 0x7F;
  });
}

std::string encodeComponent(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    if (isUnreserved(c)) {
      encoded += c;
    } else {
      encoded += '%' + hex(static_cast<std::uint8_t>(c));
    }
  }
  return encoded;
}

}  // namespace cluster_lab::http

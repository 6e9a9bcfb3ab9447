#include "registry/json_writer.hpp"

#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace cluster_lab::registry {
namespace {

bool continues(std::string_view text, std::size_t at, std::uint8_t least, std::uint8_t most) {
  if (at >= text.size()) return false;
  const auto byte = static_cast<std::uint8_t>(text[at]);
  return byte >= least && byte <= most;
}

/// Bytes of the UTF-8 character that starts there; 0: none does (RFC 3629 section 4).
std::size_t characterSize(std::string_view text, std::size_t at) {
  const auto first = static_cast<std::uint8_t>(text[at]);
  const auto tail = [&](std::size_t offset) { return continues(text, at + offset, 0x80, 0xBF); };
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return tail(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const std::uint8_t least = first == 0xE0 ? 0xA0 : 0x80;  // no overlong forms
    const std::uint8_t most = first == 0xED ? 0x9F : 0xBF;   // no surrogates
    return continues(text, at + 1, least, most) && tail(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const std::uint8_t least = first == 0xF0 ? 0x90 : 0x80;
    const std::uint8_t most = first == 0xF4 ? 0x8F : 0xBF;
    return continues(text, at + 1, least, most) && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

void appendEscaped(std::string& out, char letter) {
  switch (letter) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(letter));
  }
}

bool isPlain(char letter) {
  const auto byte = static_cast<std::uint8_t>(letter);
  return byte >= 0x20 && byte < 0x80 && letter != '"' && letter != '\\' && letter != '<' &&
         letter != '>' && letter != '&';
}

}  // namespace

JsonWriter& JsonWriter::begin(char bracket) {
  beforeValue();
  text_ += bracket;
  filled_.push_back(false);
  return *this;
}

JsonWriter& JsonWriter::end(char bracket) {
  const bool filled = filled_.back();
  filled_.pop_back();
  if (filled) newLine();
  text_ += bracket;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  beforeValue();
  quote(name);
  text_ += pretty_ ? ": " : ":";
  afterKey_ = true;
  return *this;
}

JsonWriter& JsonWriter::string(std::string_view value) {
  beforeValue();
  quote(value);
  return *this;
}

JsonWriter& JsonWriter::number(std::uint64_t value) {
  beforeValue();
  fmt::format_to(std::back_inserter(text_), "{}", value);
  return *this;
}

JsonWriter& JsonWriter::literal(std::string_view text) {
  beforeValue();
  text_ += text;
  return *this;
}

std::string JsonWriter::finish() {
  if (pretty_) text_ += '\n';
  return std::exchange(text_, {});
}

void JsonWriter::beforeValue() {
  if (std::exchange(afterKey_, false) || filled_.empty()) return;
  if (filled_.back()) text_ += ',';
  filled_.back() = true;
  newLine();
}

void JsonWriter::newLine() {
  if (!pretty_) return;
  text_ += '\n';
  text_.append(4 * filled_.size(), ' ');
}

void JsonWriter::quote(std::string_view value) {
  text_ += '"';
  for (std::size_t at = 0; at < value.size();) {
    std::size_t plain = at;
    while (plain < value.size() && isPlain(value[plain])) ++plain;
    text_ += value.substr(at, plain - at);
    at = plain;
    if (at == value.size()) break;
    const auto size = characterSize(value, at);
    if (size == 0) {
      text_ += "\\ufffd";
    } else if (size == 1) {
      appendEscaped(text_, value[at]);
    } else {
      text_ += value.substr(at, size);
    }
    at += size == 0 ? 1 : size;
  }
  text_ += '"';
}

}  // namespace cluster_lab::registry

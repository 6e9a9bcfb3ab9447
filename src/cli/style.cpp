#include "cli/style.hpp"

#include <algorithm>

namespace cluster_lab::cli {
namespace {

/// ECMA-48 select graphic rendition.
std::string_view codeOf(Tone tone) {
  switch (tone) {
    case Tone::Plain:
      return "";
    case Tone::Strong:
      return "1";
    case Tone::Quiet:
      return "2";
    case Tone::Good:
      return "32";
    case Tone::Warning:
      return "33";
    case Tone::Bad:
      return "1;31";
  }
  return "";
}

/// Characters, not bytes: UTF-8 continuation bytes take no room.
std::size_t widthOf(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::vector<std::size_t> columnWidths(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], widthOf(row[i].text));
    }
  }
  return widths;
}

}  // namespace

Tone toneOf(std::string_view health) {
  if (health == "passing") return Tone::Good;
  return health == "warning" ? Tone::Warning : Tone::Bad;
}

std::string Style::paint(Tone tone, std::string_view text) const {
  if (!colour_ || tone == Tone::Plain || text.empty()) return std::string(text);
  return "\033[" + std::string(codeOf(tone)) + "m" + std::string(text) + "\033[0m";
}

std::string renderTable(const std::vector<Row>& rows, const Style& style, std::size_t indent) {
  const auto widths = columnWidths(rows);
  std::string text;
  for (const auto& row : rows) {
    std::string blanks(indent, ' ');
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (!row[i].text.empty()) {
        text += blanks + style.paint(row[i].tone, row[i].text);
        blanks.clear();
      }
      blanks += std::string(widths[i] - widthOf(row[i].text) + 2, ' ');
    }
    text += '\n';
  }
  return text;
}

}  // namespace cluster_lab::cli

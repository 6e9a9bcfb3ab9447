#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cluster_lab::cli {

enum class Tone : std::uint8_t { Plain, Strong, Quiet, Good, Warning, Bad };

/// Of "passing", "warning" or "critical".
[[nodiscard]] Tone toneOf(std::string_view health);

/// Turns tones into a terminal's colours, or into nothing.
class Style {
 public:
  explicit Style(bool colour) : colour_(colour) {}
  [[nodiscard]] std::string paint(Tone tone, std::string_view text) const;

 private:
  bool colour_;
};

struct Cell {
  std::string text;
  Tone tone = Tone::Plain;
};
using Row = std::vector<Cell>;

/// Columns as wide as their widest cell, two blanks apart, each line after `indent` blanks. No
/// blanks at line ends.
[[nodiscard]] std::string renderTable(const std::vector<Row>& rows, const Style& style,
                                      std::size_t indent = 0);

}  // namespace cluster_lab::cli

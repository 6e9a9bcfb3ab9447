#include "registry/go_values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

namespace cluster_lab::registry {
namespace {

constexpr double kLongest = 365.0 * 24 * 3600 * 1e9;  // a year

constexpr std::array<std::pair<std::string_view, double>, 7> kUnits = {{{"ns", 1},
                                                                        {"us", 1e3},
                                                                        {"\u00b5s", 1e3},
                                                                        {"ms", 1e6},
                                                                        {"s", 1e9},
                                                                        {"m", 60e9},
                                                                        {"h", 3600e9}}};

bool isDigit(char letter) {
  return letter >= '0' && letter <= '9';
}

/// Takes digits with at most one point from the front; nullopt: there is no digit.
std::optional<double> takeNumber(std::string_view& text) {
  double value = 0;
  double scale = 0;  // 0: before the point
  bool any = false;
  while (!text.empty() && (isDigit(text.front()) || (text.front() == '.' && scale == 0))) {
    if (text.front() == '.') {
      scale = 1;
    } else {
      any = true;
      scale /= 10;
      const double digit = text.front() - '0';
      value = scale == 0 ? value * 10 + digit : value + digit * scale;
    }
    text.remove_prefix(1);
  }
  if (!any) return std::nullopt;
  return value;
}

/// What stands at the front up to the next number.
std::string_view wordOf(std::string_view text) {
  const auto end =
      std::ranges::find_if(text, [](char letter) { return isDigit(letter) || letter == '.'; });
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

/// Takes a unit from the front and gives its nanoseconds.
std::optional<double> takeUnit(std::string_view& text) {
  const auto word = wordOf(text);
  const auto unit = std::ranges::find(kUnits, word, [](const auto& entry) { return entry.first; });
  if (unit == kUnits.end()) return std::nullopt;
  text.remove_prefix(word.size());
  return unit->second;
}

}  // namespace

Result<std::chrono::nanoseconds> parseGoDuration(std::string_view text) {
  const auto wrong = [whole = std::string(text)](const std::string& what) {
    return fail(ErrorCode::InvalidArgument, "time: " + what + " duration \"" + whole + "\"");
  };
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return std::chrono::nanoseconds(0);
  if (text.empty()) return wrong("invalid");
  double sum = 0;
  while (!text.empty()) {
    const auto number = takeNumber(text);
    if (!number) return wrong("invalid");
    if (text.empty()) return wrong("missing unit in");
    const std::string unknown(wordOf(text));
    const auto unit = takeUnit(text);
    if (!unit) return wrong("unknown unit \"" + unknown + "\" in");
    sum = std::min(sum + *number * *unit, kLongest);
  }
  return std::chrono::nanoseconds(static_cast<std::int64_t>(negative ? -sum : sum));
}

std::optional<std::uint64_t> parseGoUnsigned(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace cluster_lab::registry

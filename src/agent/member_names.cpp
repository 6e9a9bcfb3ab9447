#include "agent/member_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "base/text.hpp"
#include "registry/go_values.hpp"

namespace cluster_lab::agent {
namespace {

using std::chrono::nanoseconds;

bool isUpper(char letter) {
  return letter >= 'A' && letter <= 'Z';
}

bool isDigit(char letter) {
  return letter >= '0' && letter <= '9';
}

/// What time.ParseDuration says of a text that is none.
std::string durationFault(const std::string& text) {
  std::string_view rest = text;
  if (rest.starts_with('-') || rest.starts_with('+')) rest.remove_prefix(1);
  while (!rest.empty() && (isDigit(rest.front()) || rest.front() == '.')) rest.remove_prefix(1);
  if (rest.size() == text.size()) return "time: invalid duration \"" + text + "\"";
  if (rest.empty()) return "time: missing unit in duration \"" + text + "\"";
  return "time: unknown unit \"" + std::string(rest) + "\" in duration \"" + text + "\"";
}

/// "1.5" of 1500 thousandths, as Go writes it.
std::string decimal(std::int64_t value, std::int64_t unit) {
  auto text = fmt::format("{}", value / unit);
  auto rest = value % unit;
  if (rest == 0) return text;
  text += '.';
  while (rest != 0) {
    unit /= 10;
    text += static_cast<char>('0' + rest / unit);
    rest %= unit;
  }
  return text;
}

}  // namespace

std::string snakeCase(std::string_view camelCase) {
  std::string snake;
  for (std::size_t i = 0; i < camelCase.size(); ++i) {
    const bool begins =
        i > 0 && isUpper(camelCase[i]) &&
        (!isUpper(camelCase[i - 1]) || (i + 1 < camelCase.size() && !isUpper(camelCase[i + 1])));
    if (begins) snake += '_';
    snake += camelCase[i];
  }
  return toLower(snake);
}

std::string spelling(const registry::GoObject& object, std::string_view camelCase) {
  if (object.has(camelCase)) return std::string(camelCase);
  auto snake = snakeCase(camelCase);
  return object.has(snake) ? snake : std::string(camelCase);
}

bool isAmong(std::span<const std::string_view> camelCase, std::string_view member) {
  const auto wanted = toLower(member);
  return std::ranges::any_of(camelCase, [&](std::string_view known) {
    return toLower(known) == wanted || snakeCase(known) == wanted;
  });
}

nanoseconds durationIn(const registry::GoObject& object, std::string_view camelCase) {
  const auto name = spelling(object, camelCase);
  if (!object.isText(name)) return nanoseconds(object.number(name));
  const auto text = object.text(name);
  const auto duration = registry::parseGoDuration(text);
  if (duration) return *duration;
  object.refuse(durationFault(text));
  return nanoseconds(0);
}

std::string goDuration(nanoseconds duration) {
  const auto all = duration.count();
  if (all == 0) return "0s";
  if (all < 0) return "-" + goDuration(-duration);
  if (all < 1000) return fmt::format("{}ns", all);
  if (all < 1000000) return decimal(all, 1000) + "\u00b5s";
  if (all < 1000000000) return decimal(all, 1000000) + "ms";
  constexpr std::int64_t kSecond = 1000000000;
  const auto minutes = all / kSecond / 60;
  auto seconds = decimal(all % (60 * kSecond), kSecond) + "s";
  if (minutes == 0) return seconds;
  if (minutes < 60) return fmt::format("{}m{}", minutes, seconds);
  return fmt::format("{}h{}m{}", minutes / 60, minutes % 60, seconds);
}

}  // namespace cluster_lab::agent

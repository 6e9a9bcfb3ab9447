#include "board/readings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"

namespace cluster_lab::board {
namespace {

constexpr std::uint32_t kKnownBits = 0xFU;
constexpr unsigned kSinceBootShift = 16;
constexpr unsigned kWorn = 90;  // percent

constexpr std::array<std::pair<std::uint32_t, const char*>, 4> kWords = {{
    {Throttling::kUnderVoltage, "under-voltage"},
    {Throttling::kFrequencyCapped, "frequency capped"},
    {Throttling::kThrottled, "throttled"},
    {Throttling::kSoftTemperatureLimit, "soft temperature limit"},
}};

/// "0x0a"
Result<std::uint64_t> parsePrefixedHex(std::string_view text) {
  return parseHex(text.starts_with("0x") ? text.substr(2) : text);
}

/// "MemTotal:         437036 kB"
std::optional<std::uint64_t> kilobytesOf(std::string_view line, std::string_view name) {
  if (!line.starts_with(name) || !line.ends_with(" kB")) return std::nullopt;
  const auto number = trim(line.substr(name.size(), line.size() - name.size() - 3));
  const auto kilobytes = parseInteger(number, 0, INT64_MAX / 1024);
  if (!kilobytes) return std::nullopt;
  return static_cast<std::uint64_t>(*kilobytes) * 1024;
}

std::optional<Error> voltageProblem(const std::optional<Throttling>& throttling) {
  if (!throttling) return std::nullopt;
  if (((throttling->now | throttling->sinceBoot) & Throttling::kUnderVoltage) == 0)
    return std::nullopt;
  const bool now = (throttling->now & Throttling::kUnderVoltage) != 0;
  return Error{ErrorCode::Unavailable,
               now ? "the power supply gives too little voltage"
                   : "the power supply gave too little voltage at times since the boot",
               "use a stronger power supply and a short, thick cable: low voltage corrupts cards"};
}

std::optional<Error> heatProblem(const Readings& readings) {
  constexpr auto kHeat = Throttling::kThrottled | Throttling::kSoftTemperatureLimit;
  if (!readings.throttling || (readings.throttling->now & kHeat) == 0) return std::nullopt;
  const auto degrees = readings.celsius ? fmt::format(" at {:.0f} °C", *readings.celsius) : "";
  return Error{ErrorCode::Unavailable, "the processor is slowed down" + degrees,
               "cool the board, or give it a stronger power supply"};
}

std::optional<Error> wearProblem(const CardHealth& card) {
  const bool isUrgent = card.preEndOfLife && *card.preEndOfLife != PreEndOfLife::Normal;
  if (!isUrgent && card.usedPercent.value_or(0) < kWorn) return std::nullopt;
  return Error{ErrorCode::Exhausted, "the card's life time is nearly used up",
               "replace the card, or the module, before it fails"};
}

std::optional<Error> errorProblem(const CardHealth& card) {
  if (card.errors.value_or(0) == 0) return std::nullopt;
  return Error{ErrorCode::Corrupt,
               fmt::format("the card's file system has met {} errors", *card.errors),
               "check it (fsck) on another machine, and replace the card when it happens again"};
}

}  // namespace

Result<double> parseCelsius(std::string_view text) {
  const auto thousandths = parseInteger(trim(text), -273150, 1000000);
  if (!thousandths) return fail(thousandths.error());
  return static_cast<double>(*thousandths) / 1000.0;
}

Result<Throttling> parseThrottling(std::string_view text) {
  const auto bits = parsePrefixedHex(trim(text));
  if (!bits) return fail(bits.error());
  if (*bits > UINT32_MAX) return fail(ErrorCode::InvalidArgument, "expected 32 bits");
  const auto all = static_cast<std::uint32_t>(*bits);
  return Throttling{.now = all & kKnownBits, .sinceBoot = (all >> kSinceBootShift) & kKnownBits};
}

Result<Memory> parseMemory(std::string_view text) {
  Memory memory;
  for (const auto line : split(text, '\n')) {
    if (const auto total = kilobytesOf(line, "MemTotal:")) memory.totalBytes = *total;
    if (const auto free = kilobytesOf(line, "MemAvailable:")) memory.availableBytes = *free;
  }
  if (memory.totalBytes == 0) return fail(ErrorCode::InvalidArgument, "no line MemTotal");
  return memory;
}

std::optional<unsigned> parseLifeTime(std::string_view text) {
  constexpr std::uint64_t kBeyond = 11;  // "exceeded its maximum estimated life time"
  std::uint64_t most = 0;
  for (const auto word : split(trim(text), ' ')) {
    const auto tenths = parsePrefixedHex(word);
    if (!tenths || *tenths > kBeyond) return std::nullopt;
    most = std::max(most, *tenths);
  }
  if (most == 0) return std::nullopt;
  return static_cast<unsigned>(most * 10);
}

std::optional<PreEndOfLife> parsePreEndOfLife(std::string_view text) {
  const auto state = parsePrefixedHex(trim(text));
  if (!state || *state < 1 || *state > 3) return std::nullopt;
  return static_cast<PreEndOfLife>(*state - 1);
}

std::vector<std::string> wordsOf(std::uint32_t bits) {
  std::vector<std::string> words;
  for (const auto& [bit, word] : kWords) {
    if ((bits & bit) != 0) words.emplace_back(word);
  }
  return words;
}

std::string toString(PreEndOfLife state) {
  switch (state) {
    case PreEndOfLife::Normal:
      return "normal";
    case PreEndOfLife::Warning:
      return "warning";
    case PreEndOfLife::Urgent:
      return "urgent";
  }
  return "unknown";
}

std::map<std::string, std::optional<Error>> problemsOf(const Readings& readings) {
  return {{"under_voltage", voltageProblem(readings.throttling)},
          {"too_hot", heatProblem(readings)},
          {"card_worn", wearProblem(readings.card)},
          {"card_errors", errorProblem(readings.card)}};
}

}  // namespace cluster_lab::board

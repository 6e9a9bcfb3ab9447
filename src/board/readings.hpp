#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "board/facts.hpp"

namespace cluster_lab::board {

/// What hinders the processor: bits of the firmware's answer to "get_throttled" (Raspberry Pi
/// documentation, vcgencmd).
struct Throttling {
  static constexpr std::uint32_t kUnderVoltage = 1U << 0U;
  static constexpr std::uint32_t kFrequencyCapped = 1U << 1U;
  static constexpr std::uint32_t kThrottled = 1U << 2U;
  static constexpr std::uint32_t kSoftTemperatureLimit = 1U << 3U;

  std::uint32_t now = 0;
  std::uint32_t sinceBoot = 0;

  bool operator==(const Throttling&) const = default;
};

struct Memory {
  std::uint64_t totalBytes = 0;
  std::uint64_t availableBytes = 0;

  bool operator==(const Memory&) const = default;
};

/// eMMC only (JEDEC 84-B51, EXT_CSD registers 267 to 269): SD cards tell nothing of the kind.
enum class PreEndOfLife : std::uint8_t { Normal, Warning, Urgent };

struct CardHealth {
  std::optional<unsigned> usedPercent;  ///< of its life time, the upper bound of a step of 10
  std::optional<PreEndOfLife> preEndOfLife;
  std::optional<std::uint64_t> errors;  ///< in its ext4 file systems, since they were made

  bool operator==(const CardHealth&) const = default;
};

/// What changes while a board runs. What it does not measure is nullopt.
struct Readings {
  std::optional<double> celsius;
  std::optional<Throttling> throttling;
  std::optional<Memory> memory;
  CardHealth card;

  bool operator==(const Readings&) const = default;
};

/// A board as it is now.
struct Board {
  Facts facts;
  Readings readings;
};

/// Thousandths of a degree, as the kernel's thermal zones and hwmon tell: "48312".
[[nodiscard]] Result<double> parseCelsius(std::string_view text);
/// "50005": hexadecimal, the low half now, the high half since the boot.
[[nodiscard]] Result<Throttling> parseThrottling(std::string_view text);
/// /proc/meminfo (proc(5)).
[[nodiscard]] Result<Memory> parseMemory(std::string_view text);
/// "0x01 0x02": of its two kinds of memory the one that is more used, in tenths; 0 says nothing.
[[nodiscard]] std::optional<unsigned> parseLifeTime(std::string_view text);
/// "0x01"; other than 1 to 3 says nothing.
[[nodiscard]] std::optional<PreEndOfLife> parsePreEndOfLife(std::string_view text);

/// "under-voltage", "frequency capped", "throttled", "soft temperature limit": those that are set.
[[nodiscard]] std::vector<std::string> wordsOf(std::uint32_t bits);
/// "normal", "warning", "urgent".
[[nodiscard]] std::string toString(PreEndOfLife state);

/// What a person should know and can do something about, by code; nullopt: that is fine.
[[nodiscard]] std::map<std::string, std::optional<Error>> problemsOf(const Readings& readings);

}  // namespace cluster_lab::board

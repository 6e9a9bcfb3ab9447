#include "board/board.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "os/file.hpp"

namespace cluster_lab::board {
namespace {

namespace fs = std::filesystem;

/// Empty where there is none.
std::string contentOf(const fs::path& file) {
  return os::readFile(file, std::size_t{64} << 10U).value_or("");
}

/// The folder's entries whose name begins so, in the order of their names.
std::vector<fs::path> entriesOf(const fs::path& folder, std::string_view beginning) {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().filename().string().starts_with(beginning)) found.push_back(entry.path());
  }
  std::ranges::sort(found);
  return found;
}

/// The first card, without its boot and replay-protected partitions ("mmcblk0boot0").
std::optional<fs::path> cardOf(const fs::path& root) {
  for (const auto& entry : entriesOf(root / "sys/block", "mmcblk")) {
    if (parseInteger(entry.filename().string().substr(6), 0, 255)) return entry / "device";
  }
  return std::nullopt;
}

std::string cardText(const fs::path& root) {
  const auto card = cardOf(root);
  if (!card) return "";
  auto name = plainText(contentOf(*card / "name"));
  const auto date = plainText(contentOf(*card / "date"));
  if (!name.empty() && !date.empty()) name += ", made " + date;
  return name;
}

/// Both kernels' names for the processor's zone: "cpu-thermal", "cpu_thermal".
std::optional<double> readCelsius(const fs::path& root) {
  for (const auto& zone : entriesOf(root / "sys/class/thermal", "thermal_zone")) {
    if (!plainText(contentOf(zone / "type")).starts_with("cpu")) continue;
    if (const auto celsius = parseCelsius(contentOf(zone / "temp"))) return *celsius;
  }
  for (const auto& sensor : entriesOf(root / "sys/class/hwmon", "hwmon")) {
    if (!plainText(contentOf(sensor / "name")).starts_with("cpu")) continue;
    if (const auto celsius = parseCelsius(contentOf(sensor / "temp1_input"))) return *celsius;
  }
  return std::nullopt;
}

/// Raspberry Pi's kernel tells all (get_throttled); the others have an alarm for the voltage, which
/// is up for what happened within the last seconds (drivers/hwmon/raspberrypi-hwmon.c).
std::optional<Throttling> readThrottling(const fs::path& root) {
  const auto all =
      parseThrottling(contentOf(root / "sys/devices/platform/soc/soc:firmware/get_throttled"));
  if (all) return *all;
  for (const auto& sensor : entriesOf(root / "sys/class/hwmon", "hwmon")) {
    if (plainText(contentOf(sensor / "name")) != "rpi_volt") continue;
    const bool isLow = trim(contentOf(sensor / "in0_lcrit_alarm")) == "1";
    return Throttling{.now = isLow ? Throttling::kUnderVoltage : 0, .sinceBoot = 0};
  }
  return std::nullopt;
}

std::optional<std::uint64_t> readErrors(const fs::path& root) {
  std::optional<std::uint64_t> errors;
  for (const auto& fileSystem : entriesOf(root / "sys/fs/ext4", "mmcblk")) {
    const auto count = parseInteger(trim(contentOf(fileSystem / "errors_count")), 0, INT64_MAX);
    if (count) errors = errors.value_or(0) + static_cast<std::uint64_t>(*count);
  }
  return errors;
}

CardHealth readCard(const fs::path& root) {
  CardHealth health{.usedPercent = {}, .preEndOfLife = {}, .errors = readErrors(root)};
  if (const auto card = cardOf(root)) {
    health.usedPercent = parseLifeTime(contentOf(*card / "life_time"));
    health.preEndOfLife = parsePreEndOfLife(contentOf(*card / "pre_eol_info"));
  }
  return health;
}

std::optional<Memory> readMemory(const fs::path& root) {
  const auto memory = parseMemory(contentOf(root / "proc/meminfo"));
  return memory ? std::optional(*memory) : std::nullopt;
}

}  // namespace

std::optional<Facts> readFacts(const fs::path& root) {
  const auto tree = root / "sys/firmware/devicetree/base";
  Facts facts;
  facts.model = plainText(contentOf(tree / "model"));
  if (facts.model.empty()) return std::nullopt;
  facts.serial = plainText(contentOf(tree / "serial-number"));
  facts.card = cardText(root);
  if (const auto memory = readMemory(root)) facts.memoryBytes = memory->totalBytes;
  return facts;
}

Readings readReadings(const fs::path& root) {
  return {.celsius = readCelsius(root),
          .throttling = readThrottling(root),
          .memory = readMemory(root),
          .card = readCard(root)};
}

}  // namespace cluster_lab::board

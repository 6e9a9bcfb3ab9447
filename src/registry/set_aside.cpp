#include "registry/set_aside.hpp"

#include <fmt/chrono.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <vector>

#include "base/text.hpp"

namespace cluster_lab::registry {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostKept = 3;
constexpr std::size_t kDigits = 6;
constexpr std::int64_t kHighestNumber = 999'999;
constexpr const char* kLogSuffix = "-wal";  // SQLite's write-ahead log, belongs to its database

std::string today() {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  return fmt::format("{:%Y%m%dT%H%M%SZ}", fmt::gmtime(now));
}

/// The files kept before, oldest first: their names count upward, since the clock of a machine
/// without a battery does not.
std::vector<fs::path> keptBefore(const fs::path& file, const std::string& prefix) {
  std::vector<fs::path> kept;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(file.parent_path(), ignored)) {
    const auto name = entry.path().filename().string();
    if (name.starts_with(prefix) && !name.ends_with(kLogSuffix)) kept.push_back(entry.path());
  }
  std::ranges::sort(kept);
  return kept;
}

/// One above the number in the newest name.
std::int64_t nextNumber(const std::vector<fs::path>& kept, const std::string& prefix) {
  if (kept.empty()) return 1;
  const auto name = kept.back().filename().string();
  const auto digits = std::string_view(name).substr(prefix.size(), kDigits);
  return parseInteger(digits, 0, kHighestNumber).value_or(0) % kHighestNumber + 1;
}

void removeOld(const std::vector<fs::path>& kept) {
  std::error_code ignored;
  for (std::size_t i = 0; i + kMostKept <= kept.size(); ++i) {  // room for one more
    fs::remove(kept[i], ignored);
    fs::remove(kept[i].string() + kLogSuffix, ignored);
  }
}

}  // namespace

Result<fs::path> setAside(const fs::path& file, const std::string& why) {
  const auto prefix = file.filename().string() + "." + why + "-";
  const auto kept = keptBefore(file, prefix);
  fs::path name = file.parent_path() /
                  fmt::format("{}{:0{}}-{}", prefix, nextNumber(kept, prefix), kDigits, today());
  std::error_code problem;
  fs::rename(file.string() + kLogSuffix, name.string() + kLogSuffix, problem);  // may not be there
  fs::rename(file, name, problem);
  if (problem) {
    return fail(ErrorCode::Io, "set " + file.string() + " aside: " + problem.message());
  }
  removeOld(kept);
  return name;
}

}  // namespace cluster_lab::registry

#include "registry/set_aside.hpp"

#include <fmt/chrono.h>

#include <algorithm>
#include <chrono>
#include <vector>

namespace cluster_lab::registry {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostKept = 3;
constexpr const char* kLogSuffix = "-wal";  // SQLite's write-ahead log, belongs to its database

std::string today() {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  return fmt::format("{:%Y%m%dT%H%M%SZ}", fmt::gmtime(now));
}

/// A name that is not there yet: clocks stand still or go back on a machine without a battery.
fs::path freeName(const fs::path& file, const std::string& why) {
  const auto dated = file.string() + "." + why + "-" + today();
  fs::path name = dated;
  for (unsigned number = 2; fs::exists(name); ++number) {
    name = fmt::format("{}-{}", dated, number);
  }
  return name;
}

void keepNewest(const fs::path& file, const std::string& why) {
  const auto prefix = file.filename().string() + "." + why + "-";
  std::vector<fs::path> kept;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(file.parent_path(), ignored)) {
    const auto name = entry.path().filename().string();
    if (name.starts_with(prefix) && !name.ends_with(kLogSuffix)) kept.push_back(entry.path());
  }
  if (kept.size() <= kMostKept) return;
  std::ranges::sort(kept);
  kept.resize(kept.size() - kMostKept);
  for (const auto& old : kept) {
    fs::remove(old, ignored);
    fs::remove(old.string() + kLogSuffix, ignored);
  }
}

}  // namespace

Result<fs::path> setAside(const fs::path& file, const std::string& why) {
  const auto name = freeName(file, why);
  std::error_code problem;
  fs::rename(file.string() + kLogSuffix, name.string() + kLogSuffix, problem);  // may not be there
  fs::rename(file, name, problem);
  if (problem) {
    return fail(ErrorCode::Io, "set " + file.string() + " aside: " + problem.message());
  }
  keepNewest(file, why);
  return name;
}

}  // namespace cluster_lab::registry

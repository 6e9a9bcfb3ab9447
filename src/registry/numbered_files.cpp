#include "registry/numbered_files.hpp"

#include <fmt/chrono.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>

#include "base/text.hpp"

namespace cluster_lab::registry {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDigits = 6;
constexpr std::int64_t kHighestNumber = 999'999;
constexpr std::size_t kDateSize = 16;  // 20260102T030405Z

std::string today() {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  return fmt::format("{:%Y%m%dT%H%M%SZ}", fmt::gmtime(now));
}

std::int64_t numberIn(std::string_view name, std::size_t at) {
  return parseInteger(name.substr(at, kDigits), 0, kHighestNumber).value_or(0);
}

}  // namespace

NumberedFiles::NumberedFiles(fs::path folder, std::string prefix, std::string suffix)
    : folder_(std::move(folder)), prefix_(std::move(prefix)), suffix_(std::move(suffix)) {}

bool NumberedFiles::isOne(const std::string& name) const {
  return name.size() == prefix_.size() + kDigits + 1 + kDateSize + suffix_.size() &&
         name.starts_with(prefix_) && name.ends_with(suffix_);
}

std::vector<fs::path> NumberedFiles::all() const {
  std::vector<fs::path> files;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder_, ignored)) {
    if (isOne(entry.path().filename().string())) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

fs::path NumberedFiles::next() const {
  const auto files = all();
  const auto newest =
      files.empty() ? 0 : numberIn(files.back().filename().string(), prefix_.size());
  return folder_ / fmt::format("{}{:0{}}-{}{}", prefix_, newest % kHighestNumber + 1, kDigits,
                               today(), suffix_);
}

std::vector<fs::path> NumberedFiles::allBut(std::size_t most) const {
  auto files = all();
  files.resize(files.size() - std::min(most, files.size()));
  return files;
}

}  // namespace cluster_lab::registry

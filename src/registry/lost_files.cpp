#include "registry/lost_files.hpp"

#include <algorithm>

#include "os/file.hpp"
#include "registry/numbered_files.hpp"

namespace cluster_lab::registry {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostKept = 20;
constexpr std::size_t kLargestFile = std::size_t{256} << 20U;

NumberedFiles filesIn(const fs::path& folder) {
  return {folder, "", ".json"};
}

/// Does the file tell of the same writes?
bool tellsOf(const fs::path& file, const Position& last) {
  const auto text = os::readFile(file, kLargestFile);
  const auto lost = text ? lostWritesFromJson(*text) : fail(text.error());
  return lost && lost->last == last;
}

}  // namespace

LostFiles::LostFiles(const fs::path& dataDirectory) : folder_(dataDirectory / "lost") {}

Result<std::string> LostFiles::keep(const LostWrites& lost) {
  const std::scoped_lock lock(mutex_);
  const auto files = filesIn(folder_);
  for (const auto& file : files.all()) {
    if (tellsOf(file, lost.last)) return file.filename().string();
  }
  if (auto made = os::ensureDirectory(folder_, 0750); !made) return fail(made.error());
  const auto file = files.next();
  if (auto done = os::writeFile(file, toJson(lost), 0640); !done) return fail(done.error());
  std::error_code ignored;
  for (const auto& old : files.allBut(kMostKept)) fs::remove(old, ignored);
  return file.filename().string();
}

std::vector<std::string> LostFiles::names() const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> names;
  for (const auto& file : filesIn(folder_).all()) names.push_back(file.filename().string());
  return names;
}

Result<std::string> LostFiles::read(const std::string& name) const {
  const std::scoped_lock lock(mutex_);
  const auto file = find(name);
  if (!file) return fail(file.error());
  return os::readFile(*file, kLargestFile);
}

Result<void> LostFiles::remove(const std::string& name) {
  const std::scoped_lock lock(mutex_);
  const auto file = find(name);
  if (!file) return fail(file.error());
  std::error_code problem;
  fs::remove(*file, problem);
  if (problem) return fail(ErrorCode::Io, "delete " + file->string() + ": " + problem.message());
  return {};
}

Result<fs::path> LostFiles::find(const std::string& name) const {
  for (const auto& file : filesIn(folder_).all()) {
    if (file.filename() == name) return file;
  }
  return fail(ErrorCode::NotFound, "there is no file '" + name + "' of lost writes on this node",
              "cluster-lab lost list shows those that there are");
}

}  // namespace cluster_lab::registry

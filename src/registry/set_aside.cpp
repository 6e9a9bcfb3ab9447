#include "registry/set_aside.hpp"

#include "registry/numbered_files.hpp"

namespace cluster_lab::registry {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostKept = 3;
constexpr const char* kLogSuffix = "-wal";  // SQLite's write-ahead log, belongs to its database

}  // namespace

Result<fs::path> setAside(const fs::path& file, const std::string& why) {
  const NumberedFiles kept(file.parent_path(), file.filename().string() + "." + why + "-");
  auto name = kept.next();
  std::error_code problem;
  fs::rename(file.string() + kLogSuffix, name.string() + kLogSuffix, problem);  // may not be there
  fs::rename(file, name, problem);
  if (problem) {
    return fail(ErrorCode::Io, "set " + file.string() + " aside: " + problem.message());
  }
  for (const auto& old : kept.allBut(kMostKept)) {
    fs::remove_all(old, problem);
    fs::remove(old.string() + kLogSuffix, problem);
  }
  return name;
}

}  // namespace cluster_lab::registry

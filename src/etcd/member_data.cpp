#include "etcd/member_data.hpp"

#include <system_error>

#include "os/file.hpp"

namespace cluster_lab::etcd {
namespace {

namespace fs = std::filesystem;

constexpr auto kMember = "member";  // etcd's own name
constexpr auto kFounding = "founding";

}  // namespace

bool hasMemberData(const fs::path& directory) {
  std::error_code ignored;
  return fs::exists(directory / kMember, ignored);
}

bool hasSettledData(const fs::path& directory) {
  std::error_code ignored;
  return hasMemberData(directory) && !fs::exists(directory / kFounding, ignored);
}

Result<void> beginFounding(const fs::path& directory) {
  if (auto made = os::ensureDirectory(directory, 0700); !made) return made;
  return os::writeFile(directory / kFounding, "");
}

void endFounding(const fs::path& directory) {
  std::error_code ignored;
  fs::remove(directory / kFounding, ignored);
}

}  // namespace cluster_lab::etcd

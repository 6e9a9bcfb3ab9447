#include "scheduler/api_version.hpp"

#include <algorithm>
#include <cstdint>

#include "base/text.hpp"

namespace cluster_lab::scheduler {
namespace {

constexpr std::string_view kPrefix = "/v1.";
constexpr std::int64_t kMinMinor = 24;
constexpr std::int64_t kMaxMinor = 41;

}  // namespace

Result<std::string_view> withoutApiVersion(std::string_view path) {
  if (!path.starts_with(kPrefix)) return path;
  const auto slash = std::min(path.find('/', kPrefix.size()), path.size());
  const auto version = path.substr(2, slash - 2);
  const auto minor = parseInteger(path.substr(kPrefix.size(), slash - kPrefix.size()), 0, 9999);
  if (!minor) return path;
  if (*minor < kMinMinor) {
    return fail(ErrorCode::InvalidArgument, "client version " + std::string(version) +
                                                " is too old. Minimum supported API version is " +
                                                std::string(kMinApiVersion) +
                                                ", please upgrade your client to a newer version");
  }
  if (*minor > kMaxMinor) {
    return fail(ErrorCode::InvalidArgument, "client version " + std::string(version) +
                                                " is too new. Maximum supported API version is " +
                                                std::string(kApiVersion));
  }
  return path.substr(slash);
}

}  // namespace cluster_lab::scheduler

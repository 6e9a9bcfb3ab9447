#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace cluster_lab::cli {

/// What a file of GET /v1/snapshot holds.
struct SnapshotView {
  std::uint64_t index = 0;
  std::uint64_t term = 0;
  std::map<std::string, std::uint64_t> rows;  ///< table -> how many
};

/// From the file's content, unpacked. Corrupt: not such a file.
[[nodiscard]] Result<SnapshotView> parseSnapshot(std::string_view archive);
[[nodiscard]] std::string renderSnapshot(const SnapshotView& snapshot);
[[nodiscard]] std::string snapshotJson(const SnapshotView& snapshot);

}  // namespace cluster_lab::cli

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace cluster_lab::wire {

/// A file of a tar archive.
struct TarFile {
  std::string name;  ///< at most 100 bytes
  std::string content;

  bool operator==(const TarFile&) const = default;
};

/// An archive as POSIX's ustar has it (IEEE Std 1003.1, pax), every file readable by its owner.
[[nodiscard]] std::string encodeTar(const std::vector<TarFile>& files);
/// Its plain files; others are passed over. Corrupt: cut off, or no tar archive.
[[nodiscard]] Result<std::vector<TarFile>> decodeTar(std::string_view archive);

}  // namespace cluster_lab::wire

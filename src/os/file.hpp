#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace cluster_lab::os {

/// The whole file. NotFound; Io; Exhausted above `maxSize` bytes.
[[nodiscard]] Result<std::string> readFile(const std::filesystem::path& path,
                                           std::size_t maxSize = 1U << 20U);
/// Replaces the file so that a pulled plug leaves the old or the new content: temporary file,
/// fsync, rename, fsync of the folder. Same content already there: nothing is written.
[[nodiscard]] Result<void> writeFile(const std::filesystem::path& path, std::string_view content,
                                     unsigned mode = 0644);
/// Hands `value` to a file of the kernel's (sysfs, procfs) in one write.
[[nodiscard]] Result<void> writeAttribute(const std::filesystem::path& path,
                                          std::string_view value);
/// May the file be written, or files be made in the folder? PermissionDenied: not by this process,
/// or its card is read-only.
[[nodiscard]] Result<void> checkWritable(const std::filesystem::path& path);
/// Makes the folder and its parents.
[[nodiscard]] Result<void> ensureDirectory(const std::filesystem::path& path, unsigned mode = 0755);

}  // namespace cluster_lab::os

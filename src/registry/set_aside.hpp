#pragma once

#include <filesystem>
#include <string>

#include "base/error.hpp"

namespace cluster_lab::registry {

/// Renames the database `file` with its log, or a folder, to "FILE.WHY-NUMBER-DATE" and deletes all
/// but the newest three such. Gives the new name. The database must be closed.
[[nodiscard]] Result<std::filesystem::path> setAside(const std::filesystem::path& file,
                                                     const std::string& why);

}  // namespace cluster_lab::registry

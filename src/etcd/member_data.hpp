#pragma once

#include <filesystem>

#include "base/error.hpp"

/// What a server of etcd leaves in its folder, for those who do not run it.
namespace cluster_lab::etcd {

/// There is a member's data, from which a server goes on.
[[nodiscard]] bool hasMemberData(const std::filesystem::path& directory);
/// Such data that others count on: not of a founding that has come to nothing.
[[nodiscard]] bool hasSettledData(const std::filesystem::path& directory);

/// From here until the registry has moved there, the data of a server that founds is worth nothing.
[[nodiscard]] Result<void> beginFounding(const std::filesystem::path& directory);
void endFounding(const std::filesystem::path& directory);

}  // namespace cluster_lab::etcd

#pragma once

#include <sys/un.h>

#include <filesystem>

#include "base/error.hpp"

namespace cluster_lab::os {

/// InvalidArgument: the path is longer than the 107 bytes of unix(7).
[[nodiscard]] Result<sockaddr_un> unixAddress(const std::filesystem::path& path);

}  // namespace cluster_lab::os

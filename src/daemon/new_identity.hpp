#pragma once

#include <filesystem>

#include "base/error.hpp"

namespace cluster_lab::daemon {

/// Makes another node of this one, whose card is a copy of another node's: a new node id, no last
/// address, and the copied registry and etcd data set aside, since a history of the same writer
/// may have gone on in two ways. What clients registered here stays. Not while the daemon's parts
/// run.
[[nodiscard]] Result<void> takeNewIdentity(const std::filesystem::path& dataDirectory);

}  // namespace cluster_lab::daemon

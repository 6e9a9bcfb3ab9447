#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "registry/state.hpp"

namespace cluster_lab::registry {

/// A snapshot as a tar archive that Consul's own command takes for one of its own: meta.json,
/// SHA256SUMS, and state.bin, whose content is ours (docs/registry.md).
[[nodiscard]] std::string encodeSnapshot(const Snapshot& snapshot);
/// Corrupt: no such archive, or damaged; Unsupported: of a newer Cluster Lab, or of Consul.
[[nodiscard]] Result<Snapshot> decodeSnapshot(std::string_view archive);

}  // namespace cluster_lab::registry

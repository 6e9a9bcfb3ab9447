#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace cluster_lab::sim {

/// Plays the world that grows out of `seed`: so many nodes, such wires, these troubles. Says which
/// rule was broken; nullopt: none. `trace` (may be empty) gets a line per change.
[[nodiscard]] std::optional<std::string> play(std::uint64_t seed,
                                              const std::function<void(const std::string&)>& trace);

}  // namespace cluster_lab::sim

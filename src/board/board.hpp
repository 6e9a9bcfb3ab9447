#pragma once

#include <filesystem>
#include <optional>

#include "board/facts.hpp"
#include "board/readings.hpp"

namespace cluster_lab::board {

/// What the kernel tells below `root`/proc and `root`/sys. nullopt: the device tree names no model,
/// as on a PC. Any thread; may block for as long as the firmware takes to answer.
[[nodiscard]] std::optional<Facts> readFacts(const std::filesystem::path& root);
/// What is missing, or cannot be understood, is nullopt.
[[nodiscard]] Readings readReadings(const std::filesystem::path& root);

}  // namespace cluster_lab::board

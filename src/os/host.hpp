#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace cluster_lab::os {

/// The host name up to its first dot.
[[nodiscard]] std::string hostName();
[[nodiscard]] std::uint64_t totalMemoryBytes();
[[nodiscard]] unsigned processorCount();
/// Kernel release, as uname(2).
[[nodiscard]] std::string kernelRelease();
/// PRETTY_NAME of /etc/os-release, or "Linux".
[[nodiscard]] std::string operatingSystem();
/// GNU machine name as uname(2) gives it: "armv7l", "aarch64", "x86_64".
[[nodiscard]] std::string machineName();
/// Cryptographic random bytes (getrandom(2)); waits for the pool on a first boot.
[[nodiscard]] std::array<std::uint8_t, 16> randomBytes16();
/// Uniform in [0, bound).
[[nodiscard]] std::uint32_t randomBelow(std::uint32_t bound);
/// Where PATH (and /usr/sbin, /sbin) has the program; nullopt: nowhere.
[[nodiscard]] std::optional<std::filesystem::path> findProgram(std::string_view name);

}  // namespace cluster_lab::os

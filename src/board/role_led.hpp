#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/role.hpp"

namespace cluster_lab::board {

/// The board's activity LED, which shows this node's role while the daemon runs (role_signal.hpp).
/// What it showed before is kept in the run directory, so that it comes back after a crash, too.
/// Loop thread only.
class RoleLed {
 public:
  /// NotFound: no such LED below `root`/sys/class/leds. PermissionDenied: this process may not set
  /// it.
  [[nodiscard]] static Result<RoleLed> open(const std::filesystem::path& root,
                                            const std::filesystem::path& runDirectory);

  /// Unsupported: this kernel has no such trigger; the LED stays as it is.
  [[nodiscard]] Result<void> show(Role role);
  /// What it showed before the first show(), also that of an earlier life; nothing where it was
  /// not touched.
  [[nodiscard]] Result<void> putBack();

 private:
  RoleLed(std::filesystem::path trigger, std::filesystem::path memory);

  std::filesystem::path trigger_;  ///< the LED's file
  std::filesystem::path memory_;   ///< ours: the trigger of before
};

}  // namespace cluster_lab::board

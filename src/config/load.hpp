#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/settings.hpp"

namespace cluster_lab::config {

/// sysexits.h EX_CONFIG: the configuration is wrong. The unit does not restart on it.
inline constexpr int kExitConfiguration = 78;

/// What the daemon has to do after its command line and its files have been read.
struct Loaded {
  Settings settings;            ///< checked; meaningless when exitCode is set and not 0
  std::optional<int> exitCode;  ///< set: print `output`, run nothing, end with this
  std::string output;           ///< for standard output when exitCode is 0, else standard error
};

/// Reads /etc/cluster-lab/cluster-lab.conf, /boot/firmware/cluster-lab.conf over it (a missing one
/// is fine), and the command line over both; `--config FILE` replaces the two. Never fails half:
/// all errors of all sources are in `output`, a line each, with exit code 78.
[[nodiscard]] Loaded load(int argc, const char* const* argv);

/// The two files of the system. The SD image's first boot makes a file of the card's in /run, which
/// holds the daemon's lines alone; where that is, it is read in place of the card's.
[[nodiscard]] std::vector<std::filesystem::path> defaultFiles(const std::filesystem::path& root);

/// The same with other default files, for tests. `arguments`: without the program's name.
[[nodiscard]] Loaded load(const std::vector<std::string>& arguments,
                          const std::vector<std::filesystem::path>& defaultFiles);

}  // namespace cluster_lab::config

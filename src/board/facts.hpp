#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace cluster_lab::board {

/// What stays the same while a board runs; empty or zero: it does not say.
struct Facts {
  std::string model;   ///< "Raspberry Pi 4 Model B Rev 1.4"
  std::string serial;  ///< "10000000a1b2c3d4"
  std::string card;    ///< "SC32G, made 06/2019"
  std::uint64_t memoryBytes = 0;

  bool operator==(const Facts&) const = default;
};

/// A text of the device tree, which ends with NUL, or of sysfs, which ends with a line end: what is
/// printable of it, 128 bytes at most.
[[nodiscard]] std::string plainText(std::string_view bytes);

/// "3.7 GiB", "427 MiB".
[[nodiscard]] std::string sizeText(std::uint64_t bytes);

/// As node labels: "pi-model", "pi-serial", "pi-memory", "pi-card"; what is empty is left out.
[[nodiscard]] std::map<std::string, std::string> labelsOf(const Facts& facts);

/// `labels` with the board's in addition, as long as there are at most `most`. The user's own word
/// counts.
[[nodiscard]] std::map<std::string, std::string> withLabelsOf(
    const Facts& facts, std::map<std::string, std::string> labels, std::size_t most);

}  // namespace cluster_lab::board

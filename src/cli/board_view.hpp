#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace cluster_lab::cli {

/// A node's board in words; what it does not tell is empty.
struct BoardView {
  std::string model;   ///< "Raspberry Pi 4 Model B Rev 1.4, serial 10000000a1b2c3d4"
  std::string health;  ///< "48.3 °C, not throttled"
  std::string memory;  ///< "3.1 GiB of 3.7 GiB free"
  std::string card;    ///< "SC32G, made 06/2019, no errors"
};

/// Of the status's member "board"; nullopt where that is null.
[[nodiscard]] std::optional<BoardView> readBoard(const nlohmann::json& json);

}  // namespace cluster_lab::cli

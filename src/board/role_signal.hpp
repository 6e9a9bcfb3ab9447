#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/role.hpp"

namespace cluster_lab::board {

/// The triggers of an LED as its file "trigger" tells (Documentation/leds/leds-class.rst of the
/// kernel): "none [mmc0] timer heartbeat".
struct Triggers {
  std::string current;  ///< the one in brackets; empty: none is
  std::vector<std::string> all;

  [[nodiscard]] bool has(std::string_view trigger) const;
};
[[nodiscard]] Triggers parseTriggers(std::string_view text);

/// The kernel's trigger that shows a role, so that the kernel alone blinks: a leader's LED is lit,
/// a follower's beats like a heart, a searching node's goes on and off each half second. nullopt:
/// nothing to show.
[[nodiscard]] std::optional<std::string_view> triggerOf(Role role);

}  // namespace cluster_lab::board

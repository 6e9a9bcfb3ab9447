#include "registry/wall_clock.hpp"

#include <chrono>

namespace cluster_lab::registry {

std::int64_t wallClock() {
  constexpr std::chrono::sys_seconds kPlausible =
      std::chrono::sys_days(std::chrono::year(2024) / 1 / 1);
  const auto wall = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return wall < kPlausible ? 0 : wall.time_since_epoch().count();
}

}  // namespace cluster_lab::registry

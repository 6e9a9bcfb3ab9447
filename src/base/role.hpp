#pragma once

#include <cstdint>
#include <string_view>

namespace cluster_lab {

/// What a node is to its cluster, as it tells others.
enum class Role : std::uint8_t {
  Searching = 1,  ///< neither leads nor follows yet
  Following = 2,
  Leading = 3,
  Leaving = 4,  ///< stops properly; said once or a few times, then silence
};

[[nodiscard]] constexpr std::string_view toString(Role role) {
  switch (role) {
    case Role::Searching:
      return "searching";
    case Role::Following:
      return "follower";
    case Role::Leading:
      return "leader";
    case Role::Leaving:
      return "leaving";
  }
  return "unknown";
}

}  // namespace cluster_lab

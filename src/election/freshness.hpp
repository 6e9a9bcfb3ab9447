#pragma once

#include <compare>
#include <cstdint>

#include "wire/beacon.hpp"

namespace cluster_lab::election {

/// How far a copy of the registry goes: where its last change set stands. The higher is fresher.
struct Freshness {
  std::uint64_t term = 0;  ///< the leadership that wrote it
  std::uint64_t index = 0;

  auto operator<=>(const Freshness&) const = default;
};

[[nodiscard]] inline Freshness freshnessOf(const wire::Beacon& beacon) {
  return {beacon.registryTerm, beacon.registryIndex};
}

}  // namespace cluster_lab::election

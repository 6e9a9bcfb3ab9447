#pragma once

#include <chrono>
#include <cstdlib>

namespace cluster_lab::test {

/// A deadline as this machine needs it: times CLUSTER_LAB_PATIENCE, which a slow one sets (as
/// tests/support/cases.py reads it, too).
[[nodiscard]] inline std::chrono::milliseconds patiently(std::chrono::milliseconds deadline) {
  const char* factor = std::getenv("CLUSTER_LAB_PATIENCE");
  if (factor == nullptr) return deadline;
  return std::chrono::milliseconds(
      static_cast<long>(static_cast<double>(deadline.count()) * std::strtod(factor, nullptr)));
}

}  // namespace cluster_lab::test

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/facts.hpp"
#include "cli/style.hpp"

namespace cluster_lab::cli {

enum class Outcome : std::uint8_t {
  Pass,
  Warn,  ///< not as one would like it, but the cluster works without
  Fail,
  Skip,  ///< cannot be said, or does not matter on this machine
};

/// One line of `cluster-lab health`.
struct Check {
  std::string name;  ///< what should be so
  Outcome outcome = Outcome::Pass;
  std::string found;   ///< what is so
  std::string remedy;  ///< only where it did not pass
};

/// All checks in the order in which one builds on another: machine, link, leader, registry, docker.
[[nodiscard]] std::vector<Check> checkHealth(const Facts& facts);
[[nodiscard]] bool anyFailed(const std::vector<Check>& checks);
/// "PASS  name: found" lines, a failed one with its remedy beneath.
[[nodiscard]] std::string renderHealth(const std::vector<Check>& checks, const Style& style);
/// A list of {check, result: "pass"|"warn"|"fail"|"skip", found, remedy}.
[[nodiscard]] std::string healthJson(const std::vector<Check>& checks);

}  // namespace cluster_lab::cli

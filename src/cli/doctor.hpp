#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/facts.hpp"
#include "cli/style.hpp"

namespace cluster_lab::cli {

enum class Severity : std::uint8_t {
  Notice,   ///< good to know, nothing to do
  Problem,  ///< the cluster does not work as it should
};

/// Something that `cluster-lab doctor` tells.
struct Finding {
  Severity severity = Severity::Problem;
  std::string what;    ///< what is so
  std::string why;     ///< how that comes about, in plain words
  std::string remedy;  ///< what to do
};

/// What is wrong and why, the cause before what follows from it.
[[nodiscard]] std::vector<Finding> diagnose(const Facts& facts);
[[nodiscard]] bool anyProblem(const std::vector<Finding>& findings);
[[nodiscard]] std::string renderFindings(const std::vector<Finding>& findings, const Style& style);
/// {healthy, findings: [{severity, what, why, remedy}]}.
[[nodiscard]] std::string findingsJson(const std::vector<Finding>& findings);

}  // namespace cluster_lab::cli

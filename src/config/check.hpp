#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/settings.hpp"

namespace cluster_lab::config {

/// Values that are right by themselves and wrong together.
struct Contradiction {
  std::vector<std::string_view> keys;  ///< the ones involved, the likeliest culprit first
  std::string message;                 ///< what was expected
};

/// All contradictions between the settings.
[[nodiscard]] std::vector<Contradiction> check(const Settings& settings);

}  // namespace cluster_lab::config

#pragma once

#include <string>
#include <vector>

#include "config/settings.hpp"
#include "config/sources.hpp"

namespace cluster_lab::config {

/// What all sources together amount to.
struct Effective {
  Settings settings;                ///< of use only without errors
  std::vector<Entry> entries;       ///< the ones that count, in the order of keys()
  std::vector<std::string> errors;  ///< "ORIGIN: key = text: expected ...", one line each
};

/// Puts sources over each other, the later one on top, reads the values and checks them against
/// each other. Repeatable keys add up.
[[nodiscard]] Effective combine(const std::vector<Source>& sources);

/// Every key with its value and where that comes from; itself a correct configuration file.
[[nodiscard]] std::string printed(const Effective& effective);

}  // namespace cluster_lab::config

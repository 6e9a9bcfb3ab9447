#pragma once

#include <span>
#include <string_view>

#include "base/error.hpp"
#include "config/settings.hpp"

namespace cluster_lab::config {

/// A key of the configuration. The command line, the files, --help and --print-config all come from
/// the one table of these.
struct Key {
  std::string_view name;           ///< "link.kind"; "--link.kind" on the command line
  std::string_view standardValue;  ///< the default, as it is written in a file
  std::string_view unit;           ///< what the value is: "MILLISECONDS", "TCP-PORT", "yes|no"
  std::string_view why;            ///< one line
  Result<void> (*read)(std::string_view text, Settings& into);
  bool repeatable = false;
};

/// In the order of config/cluster-lab.conf.
[[nodiscard]] std::span<const Key> keys();
/// nullptr: no such key.
[[nodiscard]] const Key* findKey(std::string_view name);
/// The key whose name differs in the fewest letters from what somebody wrote.
[[nodiscard]] const Key& nearestKey(std::string_view name);

}  // namespace cluster_lab::config

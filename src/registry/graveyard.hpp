#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace cluster_lab::registry {

/// When keys were deleted, so that a query for a prefix sees its index rise by a deletion (Consul's
/// tombstones). The newest 1024 are kept; older deletions count for every prefix, which at worst
/// wakes a query that need not wake. An index never falls by it.
class Graveyard {
 public:
  /// Every deletion up to `floor` is unknown and counts for every prefix.
  explicit Graveyard(std::uint64_t floor = 0) : floor_(floor) {}

  void bury(const std::string& key, std::uint64_t index);
  /// Highest index at which a key of that prefix may have been deleted.
  [[nodiscard]] std::uint64_t indexUnder(std::string_view prefix) const;

 private:
  std::uint64_t floor_;
  std::map<std::string, std::uint64_t, std::less<>> byKey_;
  std::deque<std::pair<std::uint64_t, std::string>> byAge_;  ///< also burials overtaken by later
};

}  // namespace cluster_lab::registry

#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "registry/change_set.hpp"

namespace cluster_lab::registry {

/// The newest change sets, for followers that are only a little behind.
class History {
 public:
  History(std::size_t mostEntries, std::size_t mostBytes)
      : mostEntries_(mostEntries), mostBytes_(mostBytes) {}

  /// One index above the last one, else all before is forgotten.
  void append(Entry entry);
  /// All above `index`, given that the newest index of the copy is `newest`; nullopt: they are no
  /// longer all here.
  [[nodiscard]] std::optional<std::vector<Entry>> since(std::uint64_t index,
                                                        std::uint64_t newest) const;
  void clear();

 private:
  std::size_t mostEntries_;
  std::size_t mostBytes_;
  std::size_t bytes_ = 0;
  std::deque<Entry> entries_;
};

}  // namespace cluster_lab::registry

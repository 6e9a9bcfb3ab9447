#pragma once

#include <charconv>
#include <cstdint>
#include <vector>

#include "registry/change_set.hpp"
#include "registry/row_json.hpp"
#include "registry/rows.hpp"

namespace cluster_lab::registry {

/// So many rows stay in a table whose rows are numbered (events, time line).
inline constexpr std::size_t kNewestKept = 256;

/// The number of the newest row; 0: there is none.
template <typename Row>
[[nodiscard]] std::uint64_t newestNumber(const Rows<Row>& rows) {
  std::uint64_t number = 0;
  if (rows.empty()) return number;
  const auto& key = rows.rbegin()->first;
  std::from_chars(key.data(), key.data() + key.size(), number);
  return number;
}

/// Puts the added rows, fewer than are kept, behind those that are there; the oldest go.
template <typename Row>
void addNumbered(const Rows<Row>& rows, Table table, const std::vector<Row>& added,
                 ChangeSet& into) {
  auto number = newestNumber(rows);
  for (const auto& row : added) into.push_back({table, orderedKey(++number), toJson(row)});
  auto surplus = rows.size() + added.size();
  for (auto row = rows.begin(); row != rows.end() && surplus > kNewestKept; ++row, --surplus) {
    into.push_back({table, row->first, std::nullopt});
  }
}

}  // namespace cluster_lab::registry

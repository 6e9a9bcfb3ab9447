#pragma once

#include <string>

#include "registry/decide.hpp"
#include "registry/row_json.hpp"

namespace cluster_lab::registry::decide {

/// Puts the row unless the table has it so already.
template <typename Row>
Decision<bool> putRow(const Rows<Row>& rows, Table table, const std::string& key, const Row& row) {
  Decision<bool> decision{.changes = {}, .answer = true};
  auto value = toJson(row);
  const auto known = rows.find(key);
  if (known == rows.end() || toJson(known->second.row) != value) {
    decision.changes.push_back({table, key, std::move(value)});
  }
  return decision;
}

/// The answer: whether it was there.
template <typename Row>
Decision<bool> deleteRow(const Rows<Row>& rows, Table table, const std::string& key) {
  if (!rows.contains(key)) return {};
  return {.changes = {{table, key, std::nullopt}}, .answer = true};
}

/// The changes of the second behind those of the first.
inline void append(ChangeSet& first, ChangeSet second) {
  first.insert(first.end(), std::make_move_iterator(second.begin()),
               std::make_move_iterator(second.end()));
}

}  // namespace cluster_lab::registry::decide

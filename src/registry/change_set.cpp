#include "registry/change_set.hpp"

#include <utility>

namespace cluster_lab::registry {

std::string_view toString(Table table) {
  switch (table) {
    case Table::Nodes:
      return "nodes";
    case Table::Checks:
      return "checks";
    case Table::Kv:
      return "kv";
    case Table::Leases:
      return "leases";
    case Table::Engines:
      return "engines";
    case Table::Services:
      return "services";
    case Table::Sessions:
      return "sessions";
    case Table::Events:
      return "events";
    case Table::Timeline:
      return "timeline";
    case Table::Storage:
      return "storage";
  }
  return "unknown";
}

Result<Table> parseTable(std::string_view name) {
  for (const auto table : kTables) {
    if (toString(table) == name) return table;
  }
  return fail(ErrorCode::InvalidArgument,
              "expected a table of the registry, found '" + std::string(name) + "'");
}

TableSet Entry::tables() const {
  TableSet set;
  for (const auto& change : changes) set.add(change.table);
  return set;
}

std::size_t Entry::size() const {
  std::size_t bytes = sizeof(Entry);
  for (const auto& change : changes) {
    bytes += sizeof(Change) + change.key.size() + (change.value ? change.value->size() : 0);
  }
  return bytes;
}

}  // namespace cluster_lab::registry

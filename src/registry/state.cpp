#include "registry/state.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "registry/row_json.hpp"

namespace cluster_lab::registry {
namespace {

std::size_t place(Table table) {
  return static_cast<std::size_t>(table);
}

template <typename Row>
Result<AnyRow> parseAs(std::string_view value) {
  auto row = fromJson<Row>(value);
  if (!row) return fail(row.error());
  return AnyRow(*std::move(row));
}

Result<AnyRow> parse(Table table, std::string_view value) {
  switch (table) {
    case Table::Nodes:
      return parseAs<NodeRegistration>(value);
    case Table::Checks:
      return parseAs<Check>(value);
    case Table::Kv:
      return parseAs<KvPair>(value);
    case Table::Leases:
      return parseAs<Lease>(value);
    case Table::Engines:
      return parseAs<Engine>(value);
  }
  return fail(ErrorCode::InvalidArgument, "a table that does not exist");
}

/// Calls `use(table, rows)` for each table.
template <typename Tables, typename Use>
void forEachTable(Tables& tables, Use use) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (use(kTables[I], std::get<I>(tables)), ...);
  }
  (std::make_index_sequence<kTables.size()>());
}

}  // namespace

Result<State> State::from(const Snapshot& snapshot) {
  State state;
  state.header_ = snapshot.header;
  state.graveyard_ = Graveyard(state.header_.tableIndexes[place(Table::Kv)]);
  for (const auto& row : snapshot.rows) {
    auto parsed = parse(row.table, row.value);
    if (!parsed) return fail(parsed.error().during("row '" + row.key + "'"));
    std::visit(
        [&]<typename Row>(Row& value) {
          std::get<Rows<Row>>(state.tables_)[row.key] = {std::move(value), row.created,
                                                         row.modified};
        },
        *parsed);
  }
  return state;
}

Snapshot State::snapshot() const {
  Snapshot snapshot{.header = header_, .rows = {}};
  forEachTable(tables_, [&](Table table, const auto& rows) {
    for (const auto& [key, stored] : rows) {
      snapshot.rows.push_back({table, key, toJson(stored.row), stored.created, stored.modified});
    }
  });
  return snapshot;
}

Result<void> State::apply(const Entry& entry) {
  if (entry.at.index != header_.at.index + 1) {
    return fail(ErrorCode::Conflict, "expected change set " + std::to_string(header_.at.index + 1) +
                                         ", found " + std::to_string(entry.at.index));
  }
  std::vector<AnyRow> parsed;  // of the puts, in order
  for (const auto& change : entry.changes) {
    if (!change.value) continue;
    auto row = parse(change.table, *change.value);
    if (!row) return fail(row.error().during("row '" + change.key + "'"));
    parsed.push_back(*std::move(row));
  }
  auto next = parsed.begin();
  for (const auto& change : entry.changes) {
    if (change.value) {
      put(change.key, std::move(*next++), entry.at.index);
    } else {
      erase(change.table, change.key, entry.at.index);
    }
  }
  header_ = headerAfter(entry);
  return {};
}

StateHeader State::headerAfter(const Entry& entry) const {
  auto header = header_;
  header.at = entry.at;
  header.lineage.extend(entry.at);
  for (const auto& change : entry.changes) {
    header.tableIndexes[place(change.table)] = entry.at.index;
  }
  return header;
}

void State::put(const std::string& key, AnyRow row, std::uint64_t index) {
  std::visit(
      [&]<typename Row>(Row& value) {
        auto& stored = std::get<Rows<Row>>(tables_)[key];
        if (stored.created == 0) stored.created = index;
        stored.modified = index;
        stored.row = std::move(value);
      },
      row);
}

void State::erase(Table table, const std::string& key, std::uint64_t index) {
  forEachTable(tables_, [&](Table each, auto& rows) {
    if (each == table) rows.erase(key);
  });
  if (table == Table::Kv) graveyard_.bury(key, index);
}

std::uint64_t State::index(TableSet tables) const {
  std::uint64_t highest = 0;
  for (const auto table : kTables) {
    if (tables.meets({table})) highest = std::max(highest, header_.tableIndexes[place(table)]);
  }
  return highest;
}

std::uint64_t State::kvIndexUnder(std::string_view prefix) const {
  if (prefix.empty()) return index({Table::Kv});
  auto highest = graveyard_.indexUnder(prefix);
  for (auto pair = kv().lower_bound(prefix); pair != kv().end() && pair->first.starts_with(prefix);
       ++pair) {
    highest = std::max(highest, pair->second.modified);
  }
  return highest == 0 ? index({Table::Kv}) : highest;
}

const Stored<NodeRegistration>* State::findNode(std::string_view name) const {
  const auto wanted = toLower(name);
  for (const auto& [key, node] : nodes()) {
    if (toLower(node.row.name) == wanted) return &node;
  }
  return nullptr;
}

const Stored<Check>* State::serfHealthOf(const NodeId& node) const {
  const auto check = checks().find(checkKey(node, kSerfHealth));
  return check == checks().end() ? nullptr : &check->second;
}

}  // namespace cluster_lab::registry

#include "registry/state.hpp"

#include <algorithm>
#include <type_traits>
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
    case Table::Services:
      return parseAs<Service>(value);
    case Table::Sessions:
      return parseAs<Session>(value);
    case Table::Events:
      return parseAs<UserEvent>(value);
    case Table::Timeline:
      return parseAs<Occurrence>(value);
    case Table::Storage:
      return parseAs<Storage>(value);
  }
  return fail(ErrorCode::InvalidArgument, "a table that does not exist");
}

template <typename Row>
const Stored<Row>* find(const Rows<Row>& rows, std::string_view key) {
  const auto row = rows.find(key);
  return row == rows.end() ? nullptr : &row->second;
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
  state.serviceIndex_ = ServiceIndex(state.index({Table::Services, Table::Checks, Table::Nodes}));
  for (const auto& row : snapshot.rows) {
    auto parsed = parse(row.table, row.value);
    if (!parsed) return fail(parsed.error().during("row '" + row.key + "'"));
    std::visit(
        [&]<typename Row>(Row& value) {
          auto& stored = std::get<Rows<Row>>(state.tables_)[row.key];
          stored = {std::move(value), row.created, row.modified};
          state.learn(row.key, stored.row, row.modified);
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
  if (auto done = carryOut(entry.changes, entry.at.index); !done) return done;
  header_ = headerAfter({&entry, 1});
  return {};
}

Result<void> State::carryOut(const ChangeSet& changes, std::uint64_t index) {
  std::vector<AnyRow> parsed;  // of the puts, in order
  for (const auto& change : changes) {
    if (!change.value) continue;
    auto row = parse(change.table, *change.value);
    if (!row) return fail(row.error().during("row '" + change.key + "'"));
    parsed.push_back(*std::move(row));
  }
  auto next = parsed.begin();
  for (const auto& change : changes) {
    if (change.value) {
      put(change.key, std::move(*next++), index);
    } else {
      erase(change.table, change.key, index);
    }
  }
  return {};
}

StateHeader State::headerAfter(std::span<const Entry> entries) const {
  auto header = header_;
  for (const auto& entry : entries) {
    header.at = entry.at;
    header.lineage.extend(entry.at);
    for (const auto& change : entry.changes) {
      header.tableIndexes[place(change.table)] = entry.at.index;
    }
  }
  return header;
}

void State::put(const std::string& key, AnyRow row, std::uint64_t index) {
  std::visit(
      [&]<typename Row>(Row& value) {
        auto& stored = std::get<Rows<Row>>(tables_)[key];
        if (stored.created == 0) {
          stored.created = index;
        } else {
          forget(key, stored.row, index);
        }
        stored.modified = index;
        stored.row = std::move(value);
        learn(key, stored.row, index);
      },
      row);
}

void State::erase(Table table, const std::string& key, std::uint64_t index) {
  forEachTable(tables_, [&](Table each, auto& rows) {
    if (each != table) return;
    const auto row = rows.find(key);
    if (row == rows.end()) return;
    forget(key, row->second.row, index);
    rows.erase(row);
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
  for (const auto& pair : rowsUnder(kv(), prefix)) {
    highest = std::max(highest, pair.second.modified);
  }
  return highest == 0 ? index({Table::Kv}) : highest;
}

template <typename Row>
void State::forget(const std::string& key, const Row& row, std::uint64_t index) {
  if constexpr (std::is_same_v<Row, NodeRegistration>) {
    const auto known = nodeKeys_.find(toLower(row.name));
    if (known != nodeKeys_.end() && known->second == key) nodeKeys_.erase(known);
    touchServicesOf(row.id, index);
  } else if constexpr (std::is_same_v<Row, Service>) {
    serviceIndex_.remove(row.name, key, index);
  } else if constexpr (std::is_same_v<Row, Check>) {
    touchServicesOf(row, index);
  }
}

template <typename Row>
void State::learn(const std::string& key, const Row& row, std::uint64_t index) {
  if constexpr (std::is_same_v<Row, NodeRegistration>) {
    nodeKeys_[toLower(row.name)] = key;
    touchServicesOf(row.id, index);
  } else if constexpr (std::is_same_v<Row, Service>) {
    serviceIndex_.add(row.name, key, index);
  } else if constexpr (std::is_same_v<Row, Check>) {
    touchServicesOf(row, index);
  }
}

void State::touchServicesOf(const NodeId& node, std::uint64_t index) {
  for (const auto& service : rowsUnder(services(), serviceKey(node, ""))) {
    serviceIndex_.touch(service.second.row.name, index);
  }
}

void State::touchServicesOf(const Check& check, std::uint64_t index) {
  if (check.serviceId.empty()) return touchServicesOf(check.node, index);
  const auto* service = findService(check.node, check.serviceId);
  if (service != nullptr) serviceIndex_.touch(service->row.name, index);
}

const Storage& State::storage() const {
  static const Storage kEmbedded;
  const auto* agreed = agreedStorage();
  return agreed == nullptr ? kEmbedded : *agreed;
}

const Storage* State::agreedStorage() const {
  const auto* agreed = find(rows<Storage>(), kStorageKey);
  return agreed == nullptr ? nullptr : &agreed->row;
}

const Stored<NodeRegistration>* State::findNode(std::string_view name) const {
  const auto key = nodeKeys_.find(toLower(name));
  return key == nodeKeys_.end() ? nullptr : find(nodes(), key->second);
}

const Stored<NodeRegistration>* State::findNode(const NodeId& id) const {
  return find(nodes(), nodeKey(id));
}

const Stored<Service>* State::findService(const NodeId& node, std::string_view id) const {
  return find(services(), serviceKey(node, id));
}

const Stored<Check>* State::findCheck(const NodeId& node, std::string_view id) const {
  return find(checks(), checkKey(node, id));
}

const Stored<Check>* State::serfHealthOf(const NodeId& node) const {
  return findCheck(node, kSerfHealth);
}

}  // namespace cluster_lab::registry

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/node_id.hpp"

namespace cluster_lab::registry {

/// A table of the replicated state.
enum class Table : std::uint8_t {
  Nodes,
  Checks,
  Kv,
  Leases,
  Engines,
  Services,
  Sessions,
  Events,
  Timeline,
  Storage,
};

inline constexpr std::array kTables = {
    Table::Nodes,    Table::Checks,   Table::Kv,     Table::Leases,   Table::Engines,
    Table::Services, Table::Sessions, Table::Events, Table::Timeline, Table::Storage,
};

/// "nodes", "checks", "kv" and so on: so it is called in the store and on the wire.
[[nodiscard]] std::string_view toString(Table table);
/// InvalidArgument: this version knows no such table.
[[nodiscard]] Result<Table> parseTable(std::string_view name);

/// Some of the tables.
class TableSet {
 public:
  constexpr TableSet() = default;
  constexpr TableSet(std::initializer_list<Table> tables) {
    for (const auto table : tables) add(table);
  }
  [[nodiscard]] static constexpr TableSet all() {
    TableSet set;
    for (const auto table : kTables) set.add(table);
    return set;
  }
  constexpr void add(Table table) { bits_ |= 1U << static_cast<unsigned>(table); }
  constexpr void add(TableSet tables) { bits_ |= tables.bits_; }
  [[nodiscard]] constexpr bool meets(TableSet other) const { return (bits_ & other.bits_) != 0; }

 private:
  unsigned bits_ = 0;
};

/// One row put or deleted. Keys are any bytes; a value is JSON text (row_json.hpp).
struct Change {
  Table table = Table::Nodes;
  std::string key;
  std::optional<std::string> value;  ///< nothing: the row is deleted

  bool operator==(const Change&) const = default;
};

/// What one decision changes, all or nothing.
using ChangeSet = std::vector<Change>;

/// Where a copy of the state stands: the last change set that it has, and under whom it was
/// written. Two copies of equal position are equal. Default: before everything.
struct Position {
  std::uint64_t term = 0;
  NodeId writer;  ///< the leader that wrote it: two halves of a split may use the same term
  std::uint64_t index = 0;

  bool operator==(const Position&) const = default;
};

/// A change set as it was carried out.
struct Entry {
  Position at;
  ChangeSet changes;

  [[nodiscard]] TableSet tables() const;
  /// How much memory it takes, about.
  [[nodiscard]] std::size_t size() const;
  bool operator==(const Entry&) const = default;
};

}  // namespace cluster_lab::registry

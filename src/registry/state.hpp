#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "registry/change_set.hpp"
#include "registry/graveyard.hpp"
#include "registry/lineage.hpp"
#include "registry/rows.hpp"
#include "registry/service_index.hpp"

namespace cluster_lab::registry {

/// Highest index that touched each table, deletions included.
using TableIndexes = std::array<std::uint64_t, kTables.size()>;

/// What a copy knows of itself besides its rows; small, and stored with every change set.
struct StateHeader {
  Position at;
  Lineage lineage;
  TableIndexes tableIndexes{};

  bool operator==(const StateHeader&) const = default;
};

/// A row as text.
struct SnapshotRow {
  Table table = Table::Nodes;
  std::string key;
  std::string value;
  std::uint64_t created = 0;
  std::uint64_t modified = 0;

  bool operator==(const SnapshotRow&) const = default;
};

/// A whole state as text, for the store and for followers.
struct Snapshot {
  StateHeader header;
  std::vector<SnapshotRow> rows;

  bool operator==(const Snapshot&) const = default;
};

/// A row of any table, and the rows of all; both in the order of Table.
using AnyRow = std::variant<NodeRegistration, Check, KvPair, Lease, Engine, Service, Session,
                            UserEvent, Occurrence, Storage>;
using AllRows =
    std::tuple<Rows<NodeRegistration>, Rows<Check>, Rows<KvPair>, Rows<Lease>, Rows<Engine>,
               Rows<Service>, Rows<Session>, Rows<UserEvent>, Rows<Occurrence>, Rows<Storage>>;

/// The replicated state: tables of rows, each with Consul's CreateIndex and ModifyIndex. Every copy
/// that has carried out the same change sets is the same.
class State {
 public:
  /// InvalidArgument: a row that cannot be read.
  [[nodiscard]] static Result<State> from(const Snapshot& snapshot);
  [[nodiscard]] Snapshot snapshot() const;

  /// Carries the change set out. Conflict: it is not the one after the last. InvalidArgument: a row
  /// that cannot be read. After an error the state is what it was.
  [[nodiscard]] Result<void> apply(const Entry& entry);
  /// Carries the changes out as if they came with change set `index`; the header stays. For a
  /// state that is only thought with (a transaction's). Errors as apply().
  [[nodiscard]] Result<void> carryOut(const ChangeSet& changes, std::uint64_t index);
  /// What header() will be after apply() of them all, in order.
  [[nodiscard]] StateHeader headerAfter(std::span<const Entry> entries) const;

  [[nodiscard]] const StateHeader& header() const { return header_; }
  [[nodiscard]] const Position& position() const { return header_.at; }
  /// Highest index that touched one of these tables.
  [[nodiscard]] std::uint64_t index(TableSet tables) const;
  /// Highest index that touched a key of that prefix, deletions included; where there never was
  /// one, that of the whole table.
  [[nodiscard]] std::uint64_t kvIndexUnder(std::string_view prefix) const;

  [[nodiscard]] const Rows<NodeRegistration>& nodes() const { return rows<NodeRegistration>(); }
  [[nodiscard]] const Rows<Check>& checks() const { return rows<Check>(); }
  [[nodiscard]] const Rows<KvPair>& kv() const { return rows<KvPair>(); }
  [[nodiscard]] const Rows<Lease>& leases() const { return rows<Lease>(); }
  [[nodiscard]] const Rows<Engine>& engines() const { return rows<Engine>(); }
  [[nodiscard]] const Rows<Service>& services() const { return rows<Service>(); }
  [[nodiscard]] const Rows<Session>& sessions() const { return rows<Session>(); }
  [[nodiscard]] const Rows<UserEvent>& events() const { return rows<UserEvent>(); }
  [[nodiscard]] const Rows<Occurrence>& timeline() const { return rows<Occurrence>(); }
  /// Where the registry is kept.
  [[nodiscard]] const Storage& storage() const;
  /// The same where the nodes have agreed on it; nullptr: they have agreed on nothing.
  [[nodiscard]] const Storage* agreedStorage() const;
  /// Services by their names, and when each changed last.
  [[nodiscard]] const ServiceIndex& serviceIndex() const { return serviceIndex_; }

  /// By name, any case; nullptr: there is none.
  [[nodiscard]] const Stored<NodeRegistration>* findNode(std::string_view name) const;
  [[nodiscard]] const Stored<NodeRegistration>* findNode(const NodeId& id) const;
  /// nullptr: there is none.
  [[nodiscard]] const Stored<Service>* findService(const NodeId& node, std::string_view id) const;
  [[nodiscard]] const Stored<Check>* findCheck(const NodeId& node, std::string_view id) const;
  /// The serfHealth check of the node; nullptr: there is none.
  [[nodiscard]] const Stored<Check>* serfHealthOf(const NodeId& node) const;

 private:
  template <typename Row>
  [[nodiscard]] const Rows<Row>& rows() const {
    return std::get<Rows<Row>>(tables_);
  }
  void put(const std::string& key, AnyRow row, std::uint64_t index);
  void erase(Table table, const std::string& key, std::uint64_t index);
  /// Keeps the secondary indexes: before a row goes, after it came.
  template <typename Row>
  void forget(const std::string& key, const Row& row, std::uint64_t index);
  template <typename Row>
  void learn(const std::string& key, const Row& row, std::uint64_t index);
  void touchServicesOf(const NodeId& node, std::uint64_t index);
  void touchServicesOf(const Check& check, std::uint64_t index);

  StateHeader header_;
  AllRows tables_;
  Graveyard graveyard_;
  std::map<std::string, std::string> nodeKeys_;  ///< by name in lower case
  ServiceIndex serviceIndex_;
};

}  // namespace cluster_lab::registry

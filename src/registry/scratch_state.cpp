#include "registry/scratch_state.hpp"

#include <set>

#include "registry/row_json.hpp"

namespace cluster_lab::registry {
namespace {

/// Collects rows as a snapshot, each once.
class Selection {
 public:
  explicit Selection(const State& state) : state_(state) { snapshot_.header = state.header(); }

  void add(const KvOperation& operation) {
    if (operation.verb.ends_with("-tree")) {
      for (const auto& pair : rowsUnder(state_.kv(), operation.key)) add(Table::Kv, pair);
    } else {
      addOne(Table::Kv, state_.kv(), operation.key);
    }
    // Few: what a lock needs to be given, and what a node or check would end.
    addAll(Table::Sessions, state_.sessions());
  }
  void add(const NodeOperation& operation) {
    addCatalog();
    addNode(operation.node.node);
    if (operation.node.nodeId.empty()) return;
    for (const auto& [key, node] : state_.nodes()) {
      if (node.row.idText() == operation.node.nodeId) addNode(node.row.id);
    }
  }
  void add(const ServiceOperation& operation) {
    addCatalog();
    addNode(operation.node);
  }
  void add(const CheckOperation& operation) {
    addCatalog();
    addNode(operation.node);
  }

  [[nodiscard]] Result<State> finish() const { return State::from(snapshot_); }

 private:
  /// What a node that goes may take along, wherever it is.
  void addCatalog() {
    addAll(Table::Nodes, state_.nodes());
    addAll(Table::Engines, state_.engines());
    addAll(Table::Sessions, state_.sessions());
    for (const auto& pair : state_.kv()) {
      if (!pair.second.row.session.empty()) add(Table::Kv, pair);
    }
  }
  void addNode(const std::string& name) {
    if (const auto* node = state_.findNode(name)) addNode(node->row.id);
  }
  void addNode(const NodeId& id) {
    const auto prefix = serviceKey(id, "");
    for (const auto& row : rowsUnder(state_.services(), prefix)) add(Table::Services, row);
    for (const auto& row : rowsUnder(state_.checks(), prefix)) add(Table::Checks, row);
  }
  template <typename Row>
  void addAll(Table table, const Rows<Row>& rows) {
    for (const auto& row : rows) add(table, row);
  }
  template <typename Row>
  void addOne(Table table, const Rows<Row>& rows, const std::string& key) {
    if (const auto row = rows.find(key); row != rows.end()) add(table, *row);
  }
  template <typename Entry>
  void add(Table table, const Entry& entry) {
    const auto& [key, stored] = entry;
    if (!known_.emplace(table, key).second) return;
    snapshot_.rows.push_back({table, key, toJson(stored.row), stored.created, stored.modified});
  }

  const State& state_;
  Snapshot snapshot_;
  std::set<std::pair<Table, std::string>> known_;
};

}  // namespace

Result<State> scratchFor(const State& state, const Transaction& transaction) {
  Selection selection(state);
  for (const auto& operation : transaction) {
    std::visit([&](const auto& any) { selection.add(any); }, operation);
  }
  return selection.finish();
}

}  // namespace cluster_lab::registry

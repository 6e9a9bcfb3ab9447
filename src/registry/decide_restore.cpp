#include "registry/decide_restore.hpp"

#include <set>

#include "registry/decide_rows.hpp"
#include "registry/numbered_rows.hpp"

namespace cluster_lab::registry::decide {
namespace {

/// Changes what is there to what was.
class Restoration {
 public:
  Restoration(const State& state, const State& past) : state_(state), past_(past) {}

  ChangeSet run() && {
    for (const auto& [id, session] : state_.sessions()) erase(Table::Sessions, id);
    restoreKeys();
    const auto nodes = restoreNodes();
    restoreOn(nodes, state_.services(), past_.services(), Table::Services);
    restoreOn(nodes, state_.checks(), past_.checks(), Table::Checks);
    return std::move(changes_);
  }

 private:
  void restoreKeys() {
    for (const auto& [key, pair] : state_.kv()) {
      if (!past_.kv().contains(key)) erase(Table::Kv, key);
    }
    for (const auto& [key, stored] : past_.kv()) {
      auto pair = stored.row;
      pair.session.clear();
      append(changes_, putRow(state_.kv(), Table::Kv, key, pair).changes);
    }
  }

  /// Gives the nodes of the past that are there again. One whose name a member has by now is not.
  std::set<NodeId> restoreNodes() {
    for (const auto& [key, node] : state_.nodes()) {
      if (node.row.external && !isExternalIn(past_, node.row.id)) erase(Table::Nodes, key);
    }
    std::set<NodeId> nodes;
    for (const auto& [key, node] : past_.nodes()) {
      const auto* holder = state_.findNode(node.row.name);
      const bool taken = holder != nullptr && !holder->row.external;
      if (!node.row.external || taken || isMember(node.row.id)) continue;
      append(changes_, putRow(state_.nodes(), Table::Nodes, key, node.row).changes);
      nodes.insert(node.row.id);
    }
    return nodes;
  }

  template <typename Row>
  void restoreOn(const std::set<NodeId>& nodes, const Rows<Row>& now, const Rows<Row>& then,
                 Table table) {
    for (const auto& [key, stored] : now) {
      if (nodes.contains(stored.row.node) && !then.contains(key)) erase(table, key);
    }
    for (const auto& [key, stored] : then) {
      if (!nodes.contains(stored.row.node)) continue;
      append(changes_, putRow(now, table, key, stored.row).changes);
    }
  }

  static bool isExternalIn(const State& state, const NodeId& id) {
    const auto* node = state.findNode(id);
    return node != nullptr && node->row.external;
  }
  [[nodiscard]] bool isMember(const NodeId& id) const {
    const auto* node = state_.findNode(id);
    return node != nullptr && !node->row.external;
  }

  void erase(Table table, const std::string& key) {
    changes_.push_back({table, key, std::nullopt});
  }

  const State& state_;
  const State& past_;
  ChangeSet changes_;
};

}  // namespace

Result<Decision<bool>> restore(const State& state, const Snapshot& snapshot, std::int64_t time) {
  const auto past = State::from(snapshot);
  if (!past) return fail(past.error());
  Decision<bool> decision{.changes = Restoration(state, *past).run(), .answer = true};
  const Occurrence restored{.time = time,
                            .kind = "restored",
                            .node = {},
                            .text = "the keys were restored from a snapshot of index " +
                                    std::to_string(snapshot.header.at.index)};
  addNumbered(state.timeline(), Table::Timeline, std::vector{restored}, decision.changes);
  return decision;
}

}  // namespace cluster_lab::registry::decide

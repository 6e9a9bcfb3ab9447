#include "registry/consequences.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "registry/row_json.hpp"

namespace cluster_lab::registry {
namespace {

bool isBoundTo(const Session& session, const std::string& check) {
  const auto names = [&](const std::vector<std::string>& ids) {
    return std::ranges::find(ids, check) != ids.end();
  };
  return names(session.nodeChecks) || names(session.serviceChecks) || names(session.checks);
}

/// Follows changes to what they cause, and that to what it causes.
class Chain {
 public:
  Chain(const State& state, ChangeSet changes) : state_(state), changes_(std::move(changes)) {
    for (const auto& change : changes_) {
      if (!change.value) deleted_.emplace(change.table, change.key);
    }
  }

  ChangeSet follow() && {
    for (std::size_t i = 0; i < changes_.size(); ++i) {
      const auto cause = changes_[i];  // a copy: what it causes is added behind
      if (cause.value) {
        followPut(cause);
      } else {
        followDelete(cause);
      }
    }
    return std::move(changes_);
  }

 private:
  void followPut(const Change& cause) {
    if (cause.table != Table::Checks) return;
    const auto check = fromJson<Check>(*cause.value);
    if (check && check->status == Health::Critical) endSessionsOf(*check);
  }

  void followDelete(const Change& cause) {
    switch (cause.table) {
      case Table::Nodes:
        return followNode(cause.key);
      case Table::Services:
        return followService(cause.key);
      case Table::Checks:
        if (const auto check = state_.checks().find(cause.key); check != state_.checks().end()) {
          endSessionsOf(check->second.row);
        }
        return;
      case Table::Sessions:
        return letGoKeys(cause.key);
      default:
        return;
    }
  }

  void followNode(const std::string& key) {
    const auto prefix = key + "/";
    for (const auto& row : rowsUnder(state_.services(), prefix)) erase(Table::Services, row.first);
    for (const auto& row : rowsUnder(state_.checks(), prefix)) erase(Table::Checks, row.first);
    for (const auto& [id, session] : state_.sessions()) {
      if (nodeKey(session.row.node) == key) erase(Table::Sessions, id);
    }
    if (state_.engines().contains(key)) erase(Table::Engines, key);
  }

  void followService(const std::string& key) {
    const auto service = state_.services().find(key);
    if (service == state_.services().end()) return;
    const auto& [node, id] = std::pair(service->second.row.node, service->second.row.id);
    for (const auto& row : rowsUnder(state_.checks(), checkKey(node, ""))) {
      if (row.second.row.serviceId == id) erase(Table::Checks, row.first);
    }
  }

  void endSessionsOf(const Check& check) {
    for (const auto& [id, session] : state_.sessions()) {
      if (session.row.node != check.node) continue;
      if (isBoundTo(session.row, check.id)) erase(Table::Sessions, id);
    }
  }

  void letGoKeys(const std::string& session) {
    const auto row = state_.sessions().find(session);
    if (row == state_.sessions().end()) return;
    for (const auto& [key, pair] : state_.kv()) {
      if (pair.row.session != session || changesKey(key)) continue;
      if (row->second.row.behavior == SessionBehavior::Delete) {
        erase(Table::Kv, key);
      } else {
        release(key, pair.row);
      }
    }
  }

  /// Then it is as whoever decided that wants it.
  [[nodiscard]] bool changesKey(const std::string& key) const {
    return std::ranges::any_of(changes_, [&](const Change& change) {
      return change.table == Table::Kv && change.key == key;
    });
  }

  void release(const std::string& key, KvPair pair) {
    pair.session.clear();
    changes_.push_back({Table::Kv, key, toJson(pair)});
  }

  void erase(Table table, const std::string& key) {
    if (!deleted_.emplace(table, key).second) return;
    changes_.push_back({table, key, std::nullopt});
  }

  const State& state_;
  ChangeSet changes_;
  std::set<std::pair<Table, std::string>> deleted_;
};

}  // namespace

ChangeSet withConsequences(const State& state, ChangeSet changes) {
  return Chain(state, std::move(changes)).follow();
}

}  // namespace cluster_lab::registry

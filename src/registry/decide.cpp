#include "registry/decide.hpp"

#include "registry/decide_rows.hpp"

namespace cluster_lab::registry::decide {
Decision<bool> putLease(const State& state, const Lease& lease) {
  auto decision = putRow(state.leases(), Table::Leases, leaseKey(lease.mac), lease);
  for (const auto& [key, other] : state.leases()) {
    if (other.row.address != lease.address || other.row.mac == lease.mac) continue;
    decision.changes.push_back({Table::Leases, key, std::nullopt});
  }
  return decision;
}

Decision<bool> deleteLease(const State& state, MacAddress mac) {
  return deleteRow(state.leases(), Table::Leases, leaseKey(mac));
}

Decision<bool> putEngine(const State& state, const Engine& engine) {
  return putRow(state.engines(), Table::Engines, nodeKey(engine.node), engine);
}

Decision<bool> removeEngine(const State& state, const NodeId& node) {
  return deleteRow(state.engines(), Table::Engines, nodeKey(node));
}

Decision<bool> putKey(const State& state, const KeyPut& put) {
  const auto known = state.kv().find(put.key);
  const bool exists = known != state.kv().end();
  if (put.checkAndSet && *put.checkAndSet != (exists ? known->second.modified : 0)) return {};

  KvPair pair{.value = put.value, .flags = put.flags, .lockIndex = 0, .session = {}};
  if (exists) pair.session = known->second.row.session;  // a plain put does not take a lock away
  return putRow(state.kv(), Table::Kv, put.key, pair);
}

Decision<bool> deleteKey(const State& state, const KeyDelete& request) {
  Decision<bool> decision{.changes = {}, .answer = true};
  if (request.recurse) {
    for (const auto& pair : rowsUnder(state.kv(), request.key)) {
      decision.changes.push_back({Table::Kv, pair.first, std::nullopt});
    }
    return decision;
  }
  const auto known = state.kv().find(request.key);
  if (known == state.kv().end()) return decision;  // Consul: gone already is done
  if (request.checkAndSet && *request.checkAndSet != known->second.modified) return {};
  decision.changes.push_back({Table::Kv, request.key, std::nullopt});
  return decision;
}

}  // namespace cluster_lab::registry::decide

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

}  // namespace cluster_lab::registry::decide

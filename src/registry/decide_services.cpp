#include "registry/decide_services.hpp"

#include <algorithm>
#include <set>

#include "registry/decide_rows.hpp"

namespace cluster_lab::registry::decide {
namespace {

std::unexpected<Error> refuse(std::string what) {
  return fail(ErrorCode::InvalidArgument, std::move(what));
}

Result<void> checkServices(const NodeServices& wanted) {
  for (const auto& service : wanted.services) {
    if (service.node != wanted.node) return refuse("service '" + service.id + "': of another node");
    if (service.id.empty() || service.name.empty()) return refuse("a service without id or name");
    if (service.id == kClusterService) return refuse("service 'cluster-lab': it is the node's own");
  }
  return {};
}

Result<void> checkChecks(const NodeServices& wanted) {
  for (const auto& check : wanted.checks) {
    if (check.node != wanted.node) return refuse("check '" + check.id + "': of another node");
    if (check.id.empty() || check.id == kSerfHealth) {
      return refuse("check '" + check.id + "': expected an id of its own");
    }
    const bool known = check.serviceId.empty() ||
                       std::ranges::any_of(wanted.services, [&](const Service& service) {
                         return service.id == check.serviceId;
                       });
    if (!known) return refuse("check '" + check.id + "': no service '" + check.serviceId + "'");
  }
  return {};
}

/// Deletes the rows under the prefix that are not in `kept`.
template <typename Row>
void deleteOthers(const Rows<Row>& rows, Table table, const std::string& prefix,
                  const std::set<std::string>& kept, ChangeSet& into) {
  for (const auto& row : rowsUnder(rows, prefix)) {
    if (!kept.contains(row.first)) into.push_back({table, row.first, std::nullopt});
  }
}

}  // namespace

bool isClusterService(const State& state, const NodeId& node, std::string_view service) {
  const auto* known = state.findNode(node);
  return service == kClusterService && known != nullptr && !known->row.external;
}

Decision<bool> putService(const State& state, const Service& service) {
  return putRow(state.services(), Table::Services, serviceKey(service.node, service.id), service);
}

Decision<bool> putCheck(const State& state, const Check& check) {
  return putRow(state.checks(), Table::Checks, checkKey(check.node, check.id), check);
}

Decision<bool> removeService(const State& state, const NodeId& node, std::string_view service) {
  return deleteRow(state.services(), Table::Services, serviceKey(node, service));
}

Decision<bool> removeCheck(const State& state, const NodeId& node, std::string_view check) {
  return deleteRow(state.checks(), Table::Checks, checkKey(node, check));
}

Result<Decision<bool>> syncServices(const State& state, const NodeServices& wanted) {
  if (state.findNode(wanted.node) == nullptr) {
    return fail(ErrorCode::NotFound, "no node " + wanted.node.toString() + " in the registry");
  }
  if (auto good = checkServices(wanted); !good) return fail(good.error());
  if (auto good = checkChecks(wanted); !good) return fail(good.error());

  Decision<bool> decision{.changes = {}, .answer = true};
  std::set<std::string> services{serviceKey(wanted.node, kClusterService)};
  for (const auto& service : wanted.services) {
    append(decision.changes, putService(state, service).changes);
    services.insert(serviceKey(service.node, service.id));
  }
  std::set<std::string> checks{checkKey(wanted.node, kSerfHealth)};
  for (const auto& check : wanted.checks) {
    append(decision.changes, putCheck(state, check).changes);
    checks.insert(checkKey(check.node, check.id));
  }
  deleteOthers(state.services(), Table::Services, serviceKey(wanted.node, ""), services,
               decision.changes);
  deleteOthers(state.checks(), Table::Checks, checkKey(wanted.node, ""), checks, decision.changes);
  return decision;
}

}  // namespace cluster_lab::registry::decide

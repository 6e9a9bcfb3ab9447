#include "agent/catalog_view.hpp"

#include <algorithm>

#include "registry/state.hpp"

namespace cluster_lab::agent {
namespace {

using registry::Check;
using registry::Service;

/// How many rows of the node there are.
template <typename Row>
std::size_t countOf(const registry::Rows<Row>& rows, const NodeId& node) {
  return static_cast<std::size_t>(
      std::ranges::distance(registry::rowsUnder(rows, registry::nodeKey(node) + "/")));
}

bool showsCheck(const registry::State& catalog, Check check) {
  const auto* shown = catalog.findCheck(check.node, check.id);
  if (shown == nullptr) return false;
  check.output = shown->row.output;
  return shown->row == check;
}

bool showsService(const registry::State& catalog, const Service& service) {
  const auto* shown = catalog.findService(service.node, service.id);
  return shown != nullptr && shown->row == service;
}

}  // namespace

bool shows(const registry::State& catalog, const registry::NodeServices& services) {
  const auto& node = services.node;
  const std::size_t alive = catalog.serfHealthOf(node) == nullptr ? 0 : 1;
  const std::size_t own = catalog.findService(node, registry::kClusterService) == nullptr ? 0 : 1;
  return countOf(catalog.services(), node) == services.services.size() + own &&
         countOf(catalog.checks(), node) == services.checks.size() + alive &&
         std::ranges::all_of(
             services.services,
             [&](const Service& service) { return showsService(catalog, service); }) &&
         std::ranges::all_of(services.checks,
                             [&](const Check& check) { return showsCheck(catalog, check); });
}

}  // namespace cluster_lab::agent

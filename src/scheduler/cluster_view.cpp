#include "scheduler/cluster_view.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace cluster_lab::scheduler {
namespace {

EngineStatus statusOf(const registry::Node& node, const registry::Engine& engine) {
  if (node.health == registry::Health::Critical) return EngineStatus::Silent;
  return engine.version.empty() ? EngineStatus::NoEngine : EngineStatus::Healthy;
}

/// The registry's word on name, address and labels is newer than what the engine's report had.
void adopt(registry::Engine& engine, const registry::NodeRegistration& node) {
  engine.node = node.id;
  engine.nodeName = node.name;
  engine.address = node.address;
  engine.labels = node.labels;
}

}  // namespace

std::string_view wordFor(EngineStatus status) {
  switch (status) {
    case EngineStatus::Healthy:
      return "Healthy";
    case EngineStatus::NoEngine:
      return "No engine";
    case EngineStatus::Silent:
      return "Silent";
  }
  return "Unknown";
}

ClusterView joinView(const std::vector<registry::Node>& nodes,
                     const std::vector<registry::Engine>& engines) {
  std::map<NodeId, EngineView> byNode;
  for (const auto& engine : engines) byNode[engine.node] = {engine, EngineStatus::Silent};
  ClusterView view;
  for (const auto& node : nodes) {
    auto& entry = byNode[node.registration.id];
    adopt(entry.engine, node.registration);
    entry.status = statusOf(node, entry.engine);
    if (node.registration.role == Role::Leading) view.leader = node.registration;
  }
  for (auto& [id, entry] : byNode) view.engines.push_back(std::move(entry));
  std::ranges::sort(view.engines, {},
                    [](const EngineView& entry) { return entry.engine.nodeName; });
  return view;
}

}  // namespace cluster_lab::scheduler

#include "agent/liveness.hpp"

#include <algorithm>

namespace cluster_lab::agent {

void Liveness::watch(TimePoint now, const NodeId& node) {
  nodes_.try_emplace(node, Watched{now});
}

void Liveness::forget(const NodeId& node) {
  nodes_.erase(node);
}

std::vector<NodeId> Liveness::watched() const {
  std::vector<NodeId> ids;
  ids.reserve(nodes_.size());
  for (const auto& [node, watched] : nodes_) ids.push_back(node);
  return ids;
}

std::optional<Liveness::Verdict> Liveness::heard(TimePoint now, const NodeId& node) {
  const auto found = nodes_.find(node);
  if (found == nodes_.end()) return std::nullopt;
  found->second.lastHeard = now;
  if (!found->second.silent) return std::nullopt;
  found->second.silent = false;
  return Verdict{node, Change::Heard};
}

std::vector<Liveness::Verdict> Liveness::check(TimePoint now) {
  std::vector<Verdict> silent;
  for (auto& [node, watched] : nodes_) {
    if (watched.silent || now - watched.lastHeard < timeout_) continue;
    watched.silent = true;
    silent.push_back({node, Change::Silent});
  }
  return silent;
}

std::optional<TimePoint> Liveness::nextDeadline() const {
  std::optional<TimePoint> next;
  for (const auto& [node, watched] : nodes_) {
    if (watched.silent) continue;
    const auto deadline = watched.lastHeard + timeout_;
    next = next ? std::min(*next, deadline) : deadline;
  }
  return next;
}

}  // namespace cluster_lab::agent

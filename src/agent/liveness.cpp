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
  std::vector<Verdict> verdicts;
  for (auto& [node, watched] : nodes_) {
    const auto silence = now - watched.lastHeard;
    if (!watched.silent && silence >= timeout_) {
      watched.silent = true;
      verdicts.push_back({node, Change::Silent});
    }
    if (watched.silent && forgets() && silence >= forgetAfter_) {
      verdicts.push_back({node, Change::Gone});
    }
  }
  return verdicts;
}

std::optional<TimePoint> Liveness::nextDeadline() const {
  std::optional<TimePoint> next;
  for (const auto& [node, watched] : nodes_) {
    if (watched.silent && !forgets()) continue;
    const auto deadline = watched.lastHeard + (watched.silent ? forgetAfter_ : timeout_);
    next = next ? std::min(*next, deadline) : deadline;
  }
  return next;
}

}  // namespace cluster_lab::agent

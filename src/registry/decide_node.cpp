#include <algorithm>

#include "base/text.hpp"
#include "registry/decide_rows.hpp"
#include "registry/decide_services.hpp"

namespace cluster_lab::registry::decide {
namespace {

constexpr std::size_t kLongestName = 63;    // a DNS label, RFC 1035 section 2.3.4
constexpr std::size_t kMostLabels = 61;     // Consul's 64 pairs of node meta, less our own three
constexpr std::size_t kLongestLabel = 128;  // Consul's limits on node meta
constexpr std::size_t kLongestLabelValue = 512;

bool isNameLetter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9') || letter == '-' || letter == '_' || letter == '.';
}

Result<void> checkName(const std::string& name) {
  if (!name.empty() && name.size() <= kLongestName && std::ranges::all_of(name, isNameLetter)) {
    return {};
  }
  return fail(ErrorCode::InvalidArgument,
              "node name: expected 1 to 63 letters, digits, '-', '_' or '.', found '" + name + "'");
}

Result<void> checkLabels(const std::map<std::string, std::string>& labels) {
  if (labels.size() > kMostLabels) {
    return fail(ErrorCode::InvalidArgument,
                "expected at most 61 labels, found " + std::to_string(labels.size()));
  }
  for (const auto& [label, value] : labels) {
    if (label.empty() || label.size() > kLongestLabel || value.size() > kLongestLabelValue) {
      return fail(ErrorCode::InvalidArgument,
                  "label '" + label + "': expected 1 to 128 bytes, its value at most 512");
    }
  }
  return {};
}

bool isTaken(const State& state, const std::string& name, const NodeId& by) {
  return std::ranges::any_of(state.nodes(), [&](const auto& entry) {
    return entry.second.row.id != by && toLower(entry.second.row.name) == toLower(name);
  });
}

/// The name with something of the node's own behind it, still a name.
std::string withSuffix(const std::string& name, const std::string& suffix) {
  return name.substr(0, kLongestName - 1 - suffix.size()) + "-" + suffix;
}

Check aliveCheck(const NodeId& node) {
  Check check;
  check.node = node;
  check.name = "Serf Health Status";
  check.output = "Agent alive and reachable";
  return check;
}

Service clusterService(const NodeRegistration& node, std::uint16_t port) {
  Service service;
  service.node = node.id;
  service.id = kClusterService;
  service.name = kClusterService;
  service.tags = {node.role == Role::Leading ? "leader" : "follower"};
  service.port = port;
  return service;
}

/// The node's row and its service of that role.
ChangeSet putMember(const State& state, const NodeRegistration& node, std::uint16_t port) {
  auto changes = putRow(state.nodes(), Table::Nodes, nodeKey(node.id), node).changes;
  append(changes, putService(state, clusterService(node, port)).changes);
  return changes;
}

/// There is one leader: whoever was it follows.
ChangeSet demoteOthers(const State& state, const NodeId& leader, std::uint16_t port) {
  ChangeSet changes;
  for (const auto& [key, stored] : state.nodes()) {
    const auto& other = stored.row;
    if (other.external || other.id == leader || other.role != Role::Leading) continue;
    auto former = other;
    former.role = Role::Following;
    append(changes, putMember(state, former, port));
  }
  return changes;
}

std::string freeName(const State& state, const NodeRegistration& node) {
  if (!isTaken(state, node.name, node.id)) return node.name;
  const auto& mac = node.mac.bytes;
  auto name = withSuffix(node.name, hex(mac[3]) + hex(mac[4]) + hex(mac[5]));
  if (!isTaken(state, name, node.id)) return name;
  return withSuffix(node.name, node.id.toString().substr(0, 8));  // twins even in their MAC
}

}  // namespace

Result<Decision<std::string>> registerNode(const State& state, const NodeRegistration& node,
                                           std::uint16_t port) {
  if (auto good = checkName(node.name); !good) return fail(good.error());
  if (auto good = checkLabels(node.labels); !good) return fail(good.error());
  auto row = node;
  row.name = freeName(state, node);

  Decision<std::string> decision{.changes = {}, .answer = row.name};
  if (node.role == Role::Leading) decision.changes = demoteOthers(state, node.id, port);
  append(decision.changes, putMember(state, row, port));
  if (state.serfHealthOf(node.id) == nullptr) {
    const auto check = aliveCheck(node.id);
    decision.changes.push_back({Table::Checks, checkKey(node.id, check.id), toJson(check)});
  }
  return decision;
}

Result<Decision<bool>> setHealth(const State& state, const NodeId& node, Health health,
                                 const std::string& note) {
  const auto* stored = state.serfHealthOf(node);
  if (stored == nullptr) {
    return fail(ErrorCode::NotFound, "no node " + node.toString() + " in the registry");
  }
  Decision<bool> decision{.changes = {}, .answer = true};
  if (stored->row.status == health && stored->row.output == note) return decision;
  auto check = stored->row;
  check.status = health;
  check.output = note;
  decision.changes.push_back({Table::Checks, checkKey(node, check.id), toJson(check)});
  return decision;
}

Decision<bool> removeNode(const State& state, const NodeId& node) {
  Decision<bool> decision;
  decision.answer = state.findNode(node) != nullptr;
  if (decision.answer) decision.changes.push_back({Table::Nodes, nodeKey(node), std::nullopt});
  return decision;
}

Decision<bool> forgetNode(const State& state, const NodeId& node) {
  auto decision = removeNode(state, node);
  const auto* known = state.findNode(node);
  if (known != nullptr) append(decision.changes, deleteLease(state, known->row.mac).changes);
  return decision;
}

Result<Decision<NodeId>> forgetMember(const State& state, const std::string& nameOrId, bool force) {
  const auto id = NodeId::parse(nameOrId);
  const auto* known = id ? state.findNode(*id) : state.findNode(nameOrId);
  if (known == nullptr || known->row.external) {
    return fail(ErrorCode::NotFound, "there is no member '" + nameOrId + "'",
                "cluster-lab nodes lists them");
  }
  const auto* alive = state.serfHealthOf(known->row.id);
  const bool silent = alive != nullptr && alive->row.status == Health::Critical;
  if (!silent && !force) {
    return fail(ErrorCode::Conflict, "'" + known->row.name + "' is alive",
                "stop it first; with --force it is forgotten until it registers again");
  }
  return Decision<NodeId>{.changes = forgetNode(state, known->row.id).changes,
                          .answer = known->row.id};
}

}  // namespace cluster_lab::registry::decide

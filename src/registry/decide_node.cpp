#include <algorithm>

#include "base/text.hpp"
#include "registry/decide.hpp"
#include "registry/row_json.hpp"

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

std::string freeName(const State& state, const NodeRegistration& node) {
  if (!isTaken(state, node.name, node.id)) return node.name;
  const auto& mac = node.mac.bytes;
  auto name = withSuffix(node.name, hex(mac[3]) + hex(mac[4]) + hex(mac[5]));
  if (!isTaken(state, name, node.id)) return name;
  return withSuffix(node.name, node.id.toString().substr(0, 8));  // twins even in their MAC
}

}  // namespace

Result<Decision<std::string>> registerNode(const State& state, const NodeRegistration& node) {
  if (auto good = checkName(node.name); !good) return fail(good.error());
  if (auto good = checkLabels(node.labels); !good) return fail(good.error());
  auto row = node;
  row.name = freeName(state, node);

  Decision<std::string> decision{.changes = {}, .answer = row.name};
  const auto key = nodeKey(node.id);
  const auto known = state.nodes().find(key);
  const auto value = toJson(row);
  if (known == state.nodes().end() || toJson(known->second.row) != value) {
    decision.changes.push_back({Table::Nodes, key, value});
  }
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

}  // namespace cluster_lab::registry::decide

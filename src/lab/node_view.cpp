#include "lab/node_view.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

namespace cluster_lab::lab {
namespace {

using nlohmann::json;

std::string textOf(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string problemLine(const json& problem) {
  const auto remedy = textOf(problem, "remedy");
  return textOf(problem, "message") + (remedy.empty() ? "" : ": " + remedy);
}

/// The problem is for people: what its parts are named matters to nobody here.
std::vector<std::string> problemsOf(const json& status) {
  std::vector<std::string> lines;
  const auto found = status.find("problems");
  if (found == status.end() || !found->is_array()) return lines;
  for (const auto& problem : *found) {
    if (problem.is_object()) lines.push_back(problemLine(problem));
  }
  return lines;
}

std::string orDash(const std::string& text) {
  return text.empty() ? "-" : text;
}

}  // namespace

Result<void> readStatus(std::string_view text, NodeView& into) {
  const auto status = json::parse(text, nullptr, false);
  if (!status.is_object()) return fail(ErrorCode::Corrupt, "status is no JSON object");
  into.state = textOf(status, "state");
  into.reason = textOf(status, "reason");
  into.role = textOf(status, "role");
  into.nodeAddress = textOf(status, "node_address");
  into.problems = problemsOf(status);
  return {};
}

Result<void> readCatalog(std::string_view text, NodeView& into) {
  const auto nodes = json::parse(text, nullptr, false);
  if (!nodes.is_array()) return fail(ErrorCode::Corrupt, "list of nodes is no JSON array");
  into.listed.clear();
  for (const auto& node : nodes) {
    if (node.is_object()) into.listed.insert(textOf(node, "Node"));
  }
  return {};
}

std::string stillLacks(const NodeView& node, const std::vector<std::string>& others) {
  if (!node.inCluster())
    return node.reason.empty() ? node.state : fmt::format("{}: {}", node.state, node.reason);
  std::vector<std::string> missing;
  for (const auto& other : others) {
    if (!node.listed.contains(other)) missing.push_back(other);
  }
  if (missing.empty()) return {};
  return fmt::format("{}, but does not list {}", node.state, fmt::join(missing, ", "));
}

std::string toJson(const std::vector<NodeView>& nodes) {
  json all = json::array();
  for (const auto& node : nodes) {
    all.push_back({{"name", node.name},
                   {"lan_address", node.lanAddress.toString()},
                   {"node_address", node.nodeAddress},
                   {"role", node.role},
                   {"state", node.state},
                   {"plugged", node.plugged}});
  }
  return all.dump(2) + "\n";
}

std::string toTable(const std::vector<NodeView>& nodes) {
  constexpr auto kLine = "{:<10} {:<16} {:<16} {:<10} {}{}\n";
  auto table = fmt::format(kLine, "NAME", "LAN ADDRESS", "NODE ADDRESS", "ROLE", "STATE", "");
  for (const auto& node : nodes) {
    table += fmt::format(kLine, node.name, node.lanAddress.toString(), orDash(node.nodeAddress),
                         orDash(node.role), node.state, node.plugged ? "" : " (unplugged)");
    for (const auto& problem : node.problems) table += fmt::format("{:<10} {}\n", "", problem);
  }
  return table;
}

}  // namespace cluster_lab::lab

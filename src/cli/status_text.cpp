#include "cli/status_text.hpp"

#include <algorithm>

#include "cli/wording.hpp"

namespace cluster_lab::cli {
namespace {

std::vector<std::string> namesOfSick(const std::vector<NodeView>& nodes) {
  std::vector<std::string> names;
  for (const auto& node : nodes) {
    if (node.health != "passing") names.push_back(node.name);
  }
  return names;
}

std::string withoutLeader(const std::string& state) {
  if (state == "waiting_for_link") return "waiting for the network";
  if (state == "probing") return "probing whether there is one";
  if (state == "blocked") return "this node is blocked";
  if (state == "stopping") return "this node is stopping";
  return state;
}

std::string healthWords(const StatusView& status, const std::vector<NodeView>& nodes) {
  const auto sick = namesOfSick(nodes);
  if (!sick.empty()) return listText(sick) + (sick.size() == 1 ? " is" : " are") + " not healthy";
  if (status.problems.empty()) return "all healthy";
  return countText(status.problems.size(), "problem") + " here";
}

std::string leaderText(const StatusView& status) {
  if (!status.leader) return "none";
  auto text = status.leader->name + " at " + status.leader->address;
  const auto& own = status.leader->nodeAddress;
  if (!own.empty()) text += " (its own address: " + own + ")";
  return text;
}

std::string linkText(const StatusView::Link& link) {
  auto text = link.name;
  if (link.kind != "none") text += ": " + link.carrier() + " on " + link.parent;
  return text + ", " + link.state;
}

std::string addressesText(const StatusView& status) {
  auto text = status.nodeAddress.empty() ? "none on the cluster link"
                                         : status.nodeAddress + " on the cluster link";
  if (!status.lanAddresses.empty()) text += ", " + listText(status.lanAddresses) + " on the LAN";
  return text;
}

std::string pageText(const StatusView& status) {
  const auto host = status.lanAddresses.empty() ? "127.0.0.1" : status.lanAddresses.front();
  return "http://" + host + ":" + std::to_string(status.registryPort) + "/ui/";
}

/// Where it is not on each node's card.
std::string registryText(const StatusView& status) {
  if (status.registryMembers.empty()) return "";
  std::string names;
  for (const auto& name : status.registryMembers) names += (names.empty() ? "" : ", ") + name;
  return "in " + status.registryKind + " on " + names;
}

std::vector<Row> factRows(const StatusView& status) {
  std::vector<Row> rows;
  const auto add = [&rows](std::string label, std::string value) {
    if (!value.empty()) rows.push_back({{std::move(label), Tone::Quiet}, {std::move(value)}});
  };
  add("Node", status.name + ", " + status.role + " for " + durationText(status.sinceSeconds));
  add("State", status.state + (status.reason.empty() ? "" : ": " + status.reason));
  add("Cluster", status.clusterId + ", term " + std::to_string(status.term));
  add("Leader", leaderText(status));
  add("Link", linkText(status.link));
  add("Addresses", addressesText(status));
  add("Registry", registryText(status));
  add("Page", pageText(status));
  if (status.leader && status.schedulerPort != 0) {
    add("Docker", "docker -H tcp://" + status.leaderAddress + ":" +
                      std::to_string(status.schedulerPort) + " info");
  }
  if (status.board) {
    add("Board", status.board->model);
    add("Health", status.board->health);
    add("Memory", status.board->memory);
    add("Card", status.board->card);
  }
  return rows;
}

std::string problemsText(const StatusView& status, const Style& style) {
  std::string text;
  for (const auto& problem : status.problems) {
    text += "  " + style.paint(Tone::Bad, problem.message) + "\n";
    if (!problem.remedy.empty()) text += "    What to do: " + problem.remedy + "\n";
  }
  return text.empty() ? "" : "\n" + style.paint(Tone::Strong, "Problems") + "\n" + text;
}

std::string neighboursText(const StatusView& status, const Style& style) {
  if (status.neighbours.empty()) return "";
  std::vector<Row> rows = {{{"NAME", Tone::Quiet},
                            {"ROLE", Tone::Quiet},
                            {"CLUSTER", Tone::Quiet},
                            {"LINK", Tone::Quiet},
                            {"HEARD ON", Tone::Quiet},
                            {"AGO", Tone::Quiet}}};
  for (const auto& one : status.neighbours) {
    rows.push_back({{one.name},
                    {one.role},
                    {one.clusterId, one.clusterId == status.clusterId ? Tone::Plain : Tone::Quiet},
                    {one.link},
                    {one.heardOn == "link" ? "cluster link" : status.link.parent},
                    {durationText(static_cast<std::int64_t>(one.secondsAgo))}});
  }
  return "\n" + style.paint(Tone::Strong, "Neighbours") + "\n" + renderTable(rows, style, 2);
}

/// Without what the board says of itself; its model has a column of its own.
std::string labelsText(const NodeView& node) {
  std::string text;
  for (const auto& [key, value] : node.labels) {
    if (key.starts_with("pi-")) continue;
    if (!text.empty()) text += ", ";
    (text += key) += "=";
    text += value;
  }
  return text;
}

std::string modelOf(const NodeView& node) {
  const auto model = node.labels.find("pi-model");
  return model == node.labels.end() ? "" : model->second;
}

}  // namespace

std::string stateSentence(const StatusView& status, const std::vector<NodeView>& nodes) {
  if (!status.leader) return "No leader: " + withoutLeader(status.state);
  auto leads = status.leader->name + " leads";
  if (status.state == "leading") leads += " for " + durationText(status.sinceSeconds);
  return countText(nodes.size(), "node") + ", " + leads + ", " + healthWords(status, nodes);
}

bool isWell(const StatusView& status, const std::vector<NodeView>& nodes) {
  return status.inCluster() && status.leader && status.problems.empty() && allPassing(nodes);
}

std::string renderStatus(const StatusView& status, const std::vector<NodeView>& nodes,
                         const Style& style) {
  const auto tone = isWell(status, nodes) ? Tone::Good : Tone::Bad;
  return style.paint(tone, stateSentence(status, nodes)) + "\n\n" +
         renderTable(factRows(status), style, 2) + problemsText(status, style) +
         neighboursText(status, style);
}

std::string renderNodes(const std::vector<NodeView>& nodes, const Style& style) {
  if (nodes.empty()) return "No node is registered yet.\n";
  const bool hasModels =
      std::ranges::any_of(nodes, [](const NodeView& node) { return !modelOf(node).empty(); });
  std::vector<Row> rows(1);
  const auto add = [](Row& row, std::string text, Tone tone = Tone::Plain) {
    row.push_back({std::move(text), tone});
  };
  for (const auto* title : {"NAME", "ROLE", "HEALTH", "ADDRESS", "AGE"}) {
    add(rows[0], title, Tone::Quiet);
  }
  if (hasModels) add(rows[0], "MODEL", Tone::Quiet);
  for (const auto* title : {"LABELS", "NOTE"}) add(rows[0], title, Tone::Quiet);
  for (const auto& node : nodes) {
    auto& row = rows.emplace_back();
    add(row, node.name, Tone::Strong);
    add(row, node.role);
    add(row, node.health, toneOf(node.health));
    add(row, node.address);
    add(row, durationText(node.ageSeconds));
    if (hasModels) add(row, modelOf(node));
    add(row, labelsText(node));
    add(row, node.health == "passing" ? "" : node.healthNote);
  }
  return renderTable(rows, style);
}

}  // namespace cluster_lab::cli

#include "lab/lab_state.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "lab/lab_plan.hpp"

namespace cluster_lab::lab {
namespace {

using nlohmann::json;

json nodeToJson(const NodeState& node) {
  return {{"index", node.index},
          {"options", node.options},
          {"pid", node.init.pid},
          {"start_time", node.init.startTime},
          {"plugged", node.plugged}};
}

NodeState nodeFromJson(const json& from) {
  return {.index = from.at("index"),
          .options = from.at("options"),
          .init = {from.at("pid"), from.at("start_time")},
          .plugged = from.at("plugged")};
}

}  // namespace

std::string NodeState::name() const {
  return nodeName(index);
}

NodeState* LabState::find(std::string_view node) {
  const auto found = std::ranges::find(nodes, node, &NodeState::name);
  return found == nodes.end() ? nullptr : &*found;
}

unsigned LabState::nextIndex() const {
  return nodes.empty() ? 1 : nodes.back().index + 1;
}

Ipv4 LabState::address(const NodeState& node) const {
  return nodeLanAddress(lan, node.index);
}

std::string toJson(const LabState& state) {
  json nodes = json::array();
  for (const auto& node : state.nodes) nodes.push_back(nodeToJson(node));
  const json all = {{"name", state.name},          {"boot_id", state.bootId},
                    {"lan", state.lan.toString()}, {"link", state.link},
                    {"card_mib", state.cardMiB},   {"nodes", nodes}};
  return all.dump(1) + "\n";
}

Result<LabState> parseLabState(std::string_view text) {
  try {
    const auto all = json::parse(text);
    LabState state{.name = all.at("name"),
                   .bootId = all.at("boot_id"),
                   .lan = {},
                   .link = all.at("link"),
                   .cardMiB = all.at("card_mib"),
                   .nodes = {}};
    const auto lan = Ipv4Network::parse(all.at("lan").get<std::string>());
    if (!lan) return fail(ErrorCode::Corrupt, lan.error().message);
    state.lan = *lan;
    for (const auto& node : all.at("nodes")) state.nodes.push_back(nodeFromJson(node));
    return state;
  } catch (const json::exception& wrong) {
    return fail(ErrorCode::Corrupt, wrong.what());
  }
}

}  // namespace cluster_lab::lab

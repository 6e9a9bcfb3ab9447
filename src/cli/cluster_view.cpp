#include "cli/cluster_view.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <nlohmann/json.hpp>
#include <tuple>

#include "cli/json_reading.hpp"
#include "cli/wording.hpp"

namespace cluster_lab::cli {
namespace {

using Json = nlohmann::json;

/// Every element of the list `key`, read by `read`.
template <typename Read>
auto readAll(const Json& json, const char* key, Read read) {
  std::vector<decltype(read(json))> list;
  std::ranges::transform(listOf(json, key), std::back_inserter(list), read);
  return list;
}

StatusView::Problem readProblem(const Json& json) {
  return {textOf(json, "code"), textOf(json, "message"), textOf(json, "remedy")};
}

StatusView::Neighbour readNeighbour(const Json& json) {
  return {textOf(json, "name"), textOf(json, "cluster_id"), textOf(json, "role"),
          textOf(json, "link"), textOf(json, "heard_on"),   numberOf<double>(json, "seconds_ago")};
}

StatusView::Link readLink(const Json& json) {
  return {textOf(json, "kind"), numberOf<std::uint32_t>(json, "id"), textOf(json, "name"),
          textOf(json, "parent"), textOf(json, "state")};
}

std::optional<StatusView::Leader> readLeader(const Json& json) {
  if (!json.is_object()) return std::nullopt;
  return StatusView::Leader{textOf(json, "name"), textOf(json, "address"),
                            textOf(json, "node_address")};
}

NodeView readNode(const Json& json) {
  NodeView node{.name = textOf(json, "name"),
                .address = textOf(json, "address"),
                .role = textOf(json, "role"),
                .health = textOf(json, "health"),
                .healthNote = textOf(json, "health_note"),
                .ageSeconds = numberOf<std::int64_t>(json, "age_seconds"),
                .labels = {},
                .mac = textOf(json, "mac")};
  const auto& labels = member(json, "labels");
  if (!labels.is_object()) return node;
  for (const auto& [key, value] : labels.items()) {
    if (value.is_string()) node.labels[printable(key)] = printable(value.get<std::string>());
  }
  return node;
}

/// Digits compare as numbers.
bool naturallyBefore(const NodeView& left, const NodeView& right) {
  const auto key = [](const std::string& name) {
    const auto digits = std::find_if_not(name.rbegin(), name.rend(), [](unsigned char c) {
                          return std::isdigit(c) != 0;
                        }).base();
    return std::make_tuple(std::string(name.begin(), digits), name.end() - digits, name);
  };
  return key(left.name) < key(right.name);
}

}  // namespace

std::string StatusView::Link::carrier() const {
  return kind == "vlan" || kind == "vxlan" ? kind + " " + std::to_string(id) : kind;
}

Result<StatusView> parseStatus(std::string_view text) {
  const auto json = Json::parse(text, nullptr, false);
  if (!json.is_object() || textOf(json, "state").empty()) {
    return fail(ErrorCode::Corrupt, "the answer is not the status of a Cluster Lab node");
  }
  const auto& ports = member(json, "ports");
  StatusView status;
  status.version = textOf(json, "version");
  status.clusterId = textOf(json, "cluster_id");
  status.name = textOf(json, "name");
  status.state = textOf(json, "state");
  status.reason = textOf(json, "reason");
  status.role = textOf(json, "role");
  status.sinceSeconds = numberOf<std::int64_t>(json, "since_seconds");
  status.term = numberOf<std::uint64_t>(json, "term");
  status.synced = member(json, "synced") == Json(true);
  status.leader = readLeader(member(json, "leader"));
  status.link = readLink(member(json, "link"));
  status.nodeAddress = textOf(json, "node_address");
  status.leaderAddress = textOf(json, "leader_address");
  status.lanAddresses = textsOf(json, "lan_addresses");
  status.subnet = textOf(json, "subnet");
  status.registryPort = numberOf<std::uint16_t>(ports, "registry");
  status.schedulerPort = numberOf<std::uint16_t>(ports, "scheduler");
  status.problems = readAll(json, "problems", readProblem);
  status.neighbours = readAll(json, "neighbours", readNeighbour);
  status.registryKind = textOf(member(json, "registry"), "kind");
  status.registryMembers = textsOf(member(json, "registry"), "members");
  status.board = readBoard(member(json, "board"));
  return status;
}

Result<std::vector<NodeView>> parseNodes(std::string_view text) {
  const auto json = Json::parse(text, nullptr, false);
  if (!json.is_array()) {
    return fail(ErrorCode::Corrupt, "the answer is not a list of Cluster Lab nodes");
  }
  std::vector<NodeView> nodes;
  std::ranges::transform(json, std::back_inserter(nodes), readNode);
  std::ranges::sort(nodes, naturallyBefore);
  return nodes;
}

bool allPassing(const std::vector<NodeView>& nodes) {
  return std::ranges::all_of(nodes, [](const NodeView& node) { return node.health == "passing"; });
}

}  // namespace cluster_lab::cli

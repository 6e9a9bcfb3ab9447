#include "daemon/status.hpp"

#include <nlohmann/json.hpp>

#include "daemon/board_json.hpp"

namespace cluster_lab::daemon {
namespace {

using Json = nlohmann::ordered_json;

std::string addressText(Ipv4 address) {
  return address.isNone() ? "" : address.toString();
}

std::string roleOf(const Status& status) {
  if (status.state == "leading") return "leader";
  if (status.state == "following") return "follower";
  return "searching";
}

Json leaderJson(const Status& status) {
  if (!status.leader) return nullptr;
  return {{"name", status.leader->name},
          {"address", addressText(status.leader->address)},
          {"node_address", addressText(status.leader->nodeAddress)}};
}

Json problemsJson(const Status& status) {
  auto list = Json::array();
  for (const auto& [code, error] : status.problems) {
    list.push_back({{"code", code}, {"message", error.message}, {"remedy", error.remedy}});
  }
  return list;
}

std::string linkText(LinkKind kind, std::uint32_t id) {
  return kind == LinkKind::None ? "none" : toString(kind) + " " + std::to_string(id);
}

Json neighboursJson(const Status& status) {
  auto list = Json::array();
  for (const auto& one : status.neighbours) {
    list.push_back({{"name", one.name},
                    {"node_id", one.id.toString()},
                    {"cluster_id", one.clusterId},
                    {"role", std::string(cluster_lab::toString(one.role))},
                    {"term", one.term},
                    {"link", linkText(one.linkKind, one.linkId)},
                    {"heard_on", one.onLink ? "link" : "parent"},
                    {"seconds_ago", std::chrono::duration<double>(one.ago).count()}});
  }
  return list;
}

Json linkJson(const Status::Link& link) {
  return {{"kind", toString(link.kind)},
          {"id", link.id},
          {"name", link.name},
          {"parent", link.parent},
          {"state", link.up ? "up" : "down"},
          {"detail", linkText(link.kind, link.id)}};
}

}  // namespace

std::string toString(LinkKind kind) {
  switch (kind) {
    case LinkKind::Vlan:
      return "vlan";
    case LinkKind::Vxlan:
      return "vxlan";
    case LinkKind::None:
      return "none";
  }
  return "unknown";
}

std::string toJson(const Status& status) {
  auto lan = Json::array();
  for (const auto address : status.lanAddresses) lan.push_back(address.toString());
  const Json json = {
      {"version", status.version},
      {"cluster_id", status.clusterId},
      {"node_id", status.nodeId.toString()},
      {"name", status.name},
      {"state", status.state},
      {"reason", status.reason},
      {"role", roleOf(status)},
      {"since_seconds", status.since.count()},
      {"term", status.term},
      {"registry_index", status.registryIndex},
      {"registry", {{"kind", status.registryKind}, {"members", status.registryMembers}}},
      {"synced", status.synced},
      {"leader", leaderJson(status)},
      {"link", linkJson(status.link)},
      {"node_address", addressText(status.nodeAddress)},
      {"leader_address", addressText(status.leaderAddress)},
      {"lan_addresses", lan},
      {"subnet", status.subnet.toString()},
      {"range", status.range.toString()},
      {"ports", {{"registry", status.registryPort}, {"scheduler", status.schedulerPort}}},
      {"problems", problemsJson(status)},
      {"neighbours", neighboursJson(status)},
      {"board", boardJson(status.board)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string statusLine(const Status& status) {
  std::string line = status.reason;
  for (const auto& [code, error] : status.problems) {
    if (error.message == status.reason) continue;
    line += "; " + error.text();
  }
  return line;
}

}  // namespace cluster_lab::daemon

#include "registry/consul_json.hpp"

#include <algorithm>

#include "registry/base64.hpp"

namespace cluster_lab::registry::consul {
namespace {

// serf.MemberStatus
constexpr std::uint64_t kAlive = 1;
constexpr std::uint64_t kFailed = 4;

void writeTags(JsonWriter& json, const NodeRegistration& node, const std::string& datacenter) {
  const bool leads = node.role == Role::Leading;
  json.key("Tags")
      .beginObject()
      .member("acls", "0")
      .member("build", std::string(kVersion) + ":")
      .member("dc", datacenter)
      .member("id", node.id.toString());
  if (leads) json.member("port", std::to_string(kServerPort)).member("raft_vsn", "3");
  json.member("role", leads ? "consul" : "node")
      .member("segment", "")
      .member("vsn", "2")
      .member("vsn_max", "3")
      .member("vsn_min", "2")
      .endObject();
}

}  // namespace

std::vector<const Stored<NodeRegistration>*> nodesByName(const State& state) {
  std::vector<const Stored<NodeRegistration>*> nodes;
  nodes.reserve(state.nodes().size());
  for (const auto& [key, node] : state.nodes()) nodes.push_back(&node);
  std::ranges::sort(nodes, {},
                    [](const auto* node) -> const std::string& { return node->row.name; });
  return nodes;
}

std::map<std::string, std::string> metaOf(const NodeRegistration& node) {
  auto meta = node.labels;
  if (node.external) return meta;
  meta["cluster-lab-role"] = toString(node.role);
  meta["cluster-lab-mac"] = node.mac.toString();
  meta["cluster-lab-version"] = node.version;
  return meta;
}

void write(JsonWriter& json, const std::map<std::string, std::string>& texts) {
  json.beginObject();
  for (const auto& [key, value] : texts) json.member(key, value);
  json.endObject();
}

void writeFilled(JsonWriter& json, const std::map<std::string, std::string>& texts) {
  if (texts.empty()) {
    json.null();
  } else {
    write(json, texts);
  }
}

void writeNode(JsonWriter& json, const Stored<NodeRegistration>& node,
               const std::string& datacenter) {
  json.beginObject();
  writeNodeMembers(json, node.row, datacenter);
  json.key("Meta");
  writeFilled(json, metaOf(node.row));
  json.member("CreateIndex", node.created).member("ModifyIndex", node.modified).endObject();
}

void writeNodeMembers(JsonWriter& json, const NodeRegistration& node,
                      const std::string& datacenter) {
  json.member("ID", node.idText())
      .member("Node", node.name)
      .member("Address", node.addressText())
      .member("Datacenter", datacenter)
      .key("TaggedAddresses");
  if (node.external) return writeFilled(json, node.external->taggedAddresses);
  const auto address = node.addressText();
  write(json, {{"lan", address}, {"lan_ipv4", address}, {"wan", address}, {"wan_ipv4", address}});
}

void writeMember(JsonWriter& json, const NodeRegistration& node, Health health,
                 const std::string& datacenter) {
  json.beginObject()
      .member("Name", node.name)
      .member("Addr", node.address.toString())
      .member("Port", kSerfPort);
  writeTags(json, node, datacenter);
  json.member("Status", health == Health::Critical ? kFailed : kAlive)
      .member("ProtocolMin", 1)
      .member("ProtocolMax", 5)
      .member("ProtocolCur", 2)
      .member("DelegateMin", 2)
      .member("DelegateMax", 5)
      .member("DelegateCur", 4)
      .endObject();
}

void writePair(JsonWriter& json, const std::string& key, const Stored<KvPair>& pair) {
  json.beginObject()
      .member("LockIndex", pair.row.lockIndex)
      .member("Key", key)
      .member("Flags", pair.row.flags)
      .key("Value");
  if (pair.row.value.empty()) {
    json.null();
  } else {
    json.string(toBase64(pair.row.value));
  }
  if (!pair.row.session.empty()) json.member("Session", pair.row.session);
  json.member("CreateIndex", pair.created).member("ModifyIndex", pair.modified).endObject();
}

}  // namespace cluster_lab::registry::consul

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "registry/json_writer.hpp"
#include "registry/state.hpp"

/// Rows as Consul's API shows them (Consul 1.8's members in its order).
namespace cluster_lab::registry::consul {

/// The Consul whose ways this API has; clients read it to decide what they may ask.
inline constexpr std::string_view kVersion = "1.8.7";
/// Ports that Consul has by default and that members and peers are named with.
inline constexpr unsigned kServerPort = 8300;
inline constexpr unsigned kSerfPort = 8301;

/// All nodes in the order of their names.
[[nodiscard]] std::vector<const Stored<NodeRegistration>*> nodesByName(const State& state);
/// Labels and what Cluster Lab adds.
[[nodiscard]] std::map<std::string, std::string> metaOf(const NodeRegistration& node);

void write(JsonWriter& json, const std::map<std::string, std::string>& texts);
/// null where there are none, as Go writes a map that was never made.
void writeFilled(JsonWriter& json, const std::map<std::string, std::string>& texts);
/// As /v1/catalog/nodes.
void writeNode(JsonWriter& json, const Stored<NodeRegistration>& node,
               const std::string& datacenter);
/// Its first members, up to TaggedAddresses, which several answers share.
void writeNodeMembers(JsonWriter& json, const NodeRegistration& node,
                      const std::string& datacenter);
/// As /v1/agent/members.
void writeMember(JsonWriter& json, const NodeRegistration& node, Health health,
                 const std::string& datacenter);
/// As /v1/kv.
void writePair(JsonWriter& json, const std::string& key, const Stored<KvPair>& pair);

}  // namespace cluster_lab::registry::consul

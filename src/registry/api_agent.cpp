#include <algorithm>
#include <ranges>

#include "registry/api.hpp"
#include "registry/api_query.hpp"
#include "registry/consul_json.hpp"

namespace cluster_lab::registry {
namespace {

/// This node as the registry has it; before that, as it is.
NodeRegistration selfIn(const State& state, const Registry::Options& options) {
  const auto found = state.nodes().find(nodeKey(options.self));
  if (found != state.nodes().end()) return found->second.row;
  NodeRegistration self;
  self.id = options.self;
  self.name = options.selfName;
  self.version = options.version;
  return self;
}

Health healthOf(const State& state, const NodeId& node) {
  const auto* check = state.serfHealthOf(node);
  return check == nullptr ? Health::Passing : check->row.status;
}

void writeConfig(JsonWriter& json, const NodeRegistration& self, const std::string& datacenter) {
  json.key("Config")
      .beginObject()
      .member("Datacenter", datacenter)
      .member("NodeName", self.name)
      .member("NodeID", self.id.toString())
      .member("Revision", "cluster-lab " + self.version)
      .key("Server")
      .boolean(true)
      .member("Version", consul::kVersion)
      .endObject();
}

void writeDebugConfig(JsonWriter& json, const NodeRegistration& self, const Api& api) {
  json.key("DebugConfig")
      .beginObject()
      .member("Datacenter", api.options.datacenter)
      .member("HTTPPort", api.options.port)
      .member("NodeID", self.id.toString())
      .member("NodeName", self.name)
      .key("ServerMode")
      .boolean(true)
      .member("Version", consul::kVersion)
      .endObject();
}

/// How many rows of the node there are, as a text.
template <typename Row>
std::string countOf(const Rows<Row>& rows, const NodeId& node) {
  return std::to_string(std::ranges::distance(rowsUnder(rows, nodeKey(node) + "/")));
}

std::string membersIn(const State& state) {
  return std::to_string(std::ranges::count_if(
      state.nodes(), [](const auto& node) { return !node.second.row.external; }));
}

/// Consul's numbers are texts here.
void writeStats(JsonWriter& json, const Core::View& view, const NodeId& self) {
  const auto& standing = view.standing;
  const auto& at = view.state.position();
  const auto address = standing.leader.isNone()
                           ? ""
                           : standing.leader.toString() + ":" + std::to_string(consul::kServerPort);
  json.key("Stats")
      .beginObject()
      .key("agent")
      .beginObject()
      .member("checks", countOf(view.state.checks(), self))
      .member("services", countOf(view.state.services(), self))
      .endObject()
      .key("consul")
      .beginObject()
      .member("known_datacenters", "1")
      .member("leader", standing.leads() ? "true" : "false")
      .member("leader_addr", address)
      .member("server", "true")
      .endObject()
      .key("raft")
      .beginObject()
      .member("applied_index", std::to_string(at.index))
      .member("state", standing.leads() ? "Leader" : "Follower")
      .member("term", std::to_string(at.term))
      .endObject()
      .key("serf_lan")
      .beginObject()
      .member("members", membersIn(view.state))
      .endObject()
      .endObject();
}

http::Response self(Api& api, const http::Request& request) {
  JsonWriter json(request.has("pretty"));
  api.core.read([&](const Core::View& view) {
    const auto node = selfIn(view.state, api.options);
    json.beginObject();
    writeConfig(json, node, api.options.datacenter);
    writeDebugConfig(json, node, api);
    json.key("Member");
    consul::writeMember(json, node, healthOf(view.state, node.id), api.options.datacenter);
    writeStats(json, view, node.id);
    json.key("Meta");
    consul::write(json, consul::metaOf(node));
    json.endObject();
  });
  return http::json(json.finish());
}

http::Response members(Api& api, const http::Request& request) {
  const auto segment = request.parameter("segment").value_or("");
  if (!segment.empty() && segment != "_all") {  // Consul's own command asks for _all
    return http::text(500, "Network segments are not supported in this version of Consul");
  }
  JsonWriter json(request.has("pretty"));
  json.beginArray();
  api.core.read([&](const Core::View& view) {
    for (const auto* node : consul::nodesByName(view.state)) {
      if (node->row.external) continue;
      consul::writeMember(json, node->row, healthOf(view.state, node->row.id),
                          api.options.datacenter);
    }
  });
  return http::json(json.endArray().finish());
}

}  // namespace

void addAgentRoutes(http::Router& router, Api& api) {
  addEndpoint(router, "/v1/agent/self",
              {{"GET", [&api](const http::Request& request) { return self(api, request); }}});
  addEndpoint(router, "/v1/agent/members",
              {{"GET", [&api](const http::Request& request) { return members(api, request); }}});
}

}  // namespace cluster_lab::registry

#include <algorithm>

#include "registry/api.hpp"
#include "registry/api_query.hpp"
#include "registry/consul_json.hpp"

/// What operators' tools ask: health of the servers, who they are, and network coordinates, which
/// are zero: the nodes of a cluster are on one switch.
namespace cluster_lab::registry {
namespace {

std::string serverAddress(const NodeRegistration& node) {
  return node.address.toString() + ":" + std::to_string(consul::kServerPort);
}

/// The members of the cluster; each has a copy and may lead, as Consul's servers do.
std::vector<const Stored<NodeRegistration>*> members(const State& state) {
  auto nodes = consul::nodesByName(state);
  std::erase_if(nodes, [](const auto* node) { return node->row.external.has_value(); });
  return nodes;
}

bool isAlive(const State& state, const NodeRegistration& node) {
  const auto* check = state.serfHealthOf(node.id);
  return check != nullptr && check->row.status == Health::Passing;
}

void writeServerHealth(JsonWriter& json, const Core::View& view, const NodeRegistration& node) {
  const bool alive = isAlive(view.state, node);
  const auto& at = view.state.position();
  json.beginObject()
      .member("ID", node.id.toString())
      .member("Name", node.name)
      .member("Address", serverAddress(node))
      .member("SerfStatus", alive ? "alive" : "failed")
      .member("Version", consul::kVersion)
      .key("Leader")
      .boolean(node.role == Role::Leading)
      .member("LastContact", "0s")
      .member("LastTerm", at.term)
      .member("LastIndex", at.index)
      .key("Healthy")
      .boolean(alive)
      .key("Voter")
      .boolean(true)
      .member("StableSince", "0001-01-01T00:00:00Z")  // Go's zero time: a Pi's clock may be wrong
      .endObject();
}

/// 429 while a server is not healthy, as Consul answers.
http::Response autopilotHealth(Api& api, const http::Request& request) {
  return api.core.read([&](const Core::View& view) {
    const auto servers = members(view.state);
    const auto alive = static_cast<std::size_t>(std::ranges::count_if(
        servers, [&](const auto* server) { return isAlive(view.state, server->row); }));
    const bool healthy =
        view.standing.kind != Standing::Kind::Wandering && alive == servers.size() && alive > 0;
    JsonWriter json(request.has("pretty"));
    json.beginObject()
        .key("Healthy")
        .boolean(healthy)
        .member("FailureTolerance", alive > 0 ? alive - 1 : 0)  // any one goes on alone
        .key("Servers")
        .beginArray();
    for (const auto* server : servers) writeServerHealth(json, view, server->row);
    auto response = http::json(json.endArray().endObject().finish());
    response.status = healthy ? 200 : 429;
    return response;
  });
}

/// Consul's defaults, for clients that show them: nothing of it can be set here.
http::Response autopilotConfiguration(Api&, const http::Request& request) {
  JsonWriter json(request.has("pretty"));
  json.beginObject().key("CleanupDeadServers").boolean(true);
  json.member("LastContactThreshold", "200ms")
      .member("MaxTrailingLogs", 250)
      .member("MinQuorum", 0)
      .member("ServerStabilizationTime", "10s")
      .member("RedundancyZoneTag", "")
      .key("DisableUpgradeMigration")
      .boolean(false)
      .member("UpgradeVersionTag", "")
      .member("CreateIndex", 1)
      .member("ModifyIndex", 1);
  return http::json(json.endObject().finish());
}

http::Response raftConfiguration(Api& api, const http::Request& request) {
  return api.core.read([&](const Core::View& view) {
    JsonWriter json(request.has("pretty"));
    json.beginObject().key("Servers").beginArray();
    for (const auto* server : members(view.state)) {
      json.beginObject()
          .member("ID", server->row.id.toString())
          .member("Node", server->row.name)
          .member("Address", serverAddress(server->row))
          .key("Leader")
          .boolean(server->row.role == Role::Leading)
          .member("ProtocolVersion", "3")
          .key("Voter")
          .boolean(true)
          .endObject();
    }
    json.endArray().member("Index", view.state.position().index).endObject();
    return http::json(json.finish());
  });
}

void writeCoordinate(JsonWriter& json, const std::string& node) {
  constexpr int kDimensions = 8;  // of serf's coordinates
  json.beginObject().member("Node", node).member("Segment", "").key("Coord").beginObject();
  json.key("Vec").beginArray();
  for (int i = 0; i < kDimensions; ++i) json.number(0);
  json.endArray().member("Error", 0).member("Adjustment", 0).member("Height", 0);
  json.endObject().endObject();
}

http::Response coordinates(Api& api, const http::Request& request) {
  return answerQuery(api, request,
                     {.tables = {Table::Nodes}, .index = {}, .render = [&](const Core::View& view) {
                        JsonWriter json(request.has("pretty"));
                        json.beginArray();
                        for (const auto* node : members(view.state)) {
                          writeCoordinate(json, node->row.name);
                        }
                        return http::json(json.endArray().finish());
                      }});
}

http::Response coordinateOfNode(Api& api, const http::Request& request) {
  const std::string name(http::starOf("/v1/coordinate/node/*", request.path));
  return answerQuery(api, request,
                     {.tables = {Table::Nodes}, .index = {}, .render = [&](const Core::View& view) {
                        const auto* node = view.state.findNode(name);
                        if (node == nullptr) {
                          return http::Response{
                              .status = 404, .contentType = {}, .body = {}, .headers = {}};
                        }
                        JsonWriter json(request.has("pretty"));
                        json.beginArray();
                        writeCoordinate(json, node->row.name);
                        return http::json(json.endArray().finish());
                      }});
}

http::Response coordinateDatacenters(Api& api, const http::Request& request) {
  return api.core.read([&](const Core::View& view) {
    JsonWriter json(request.has("pretty"));
    json.beginArray()
        .beginObject()
        .member("Datacenter", api.options.datacenter)
        .member("AreaID", "wan")
        .key("Coordinates")
        .beginArray();
    for (const auto* node : members(view.state)) {
      writeCoordinate(json, node->row.name);
    }
    return http::json(json.endArray().endObject().endArray().finish());
  });
}

}  // namespace

void addOperatorRoutes(http::Router& router, Api& api) {
  addGet(router, api, "/v1/operator/autopilot/health", &autopilotHealth);
  addGet(router, api, "/v1/operator/autopilot/configuration", &autopilotConfiguration);
  addGet(router, api, "/v1/operator/raft/configuration", &raftConfiguration);
  addGet(router, api, "/v1/coordinate/nodes", &coordinates);
  addGet(router, api, "/v1/coordinate/node/*", &coordinateOfNode);
  addGet(router, api, "/v1/coordinate/datacenters", &coordinateDatacenters);
}

}  // namespace cluster_lab::registry

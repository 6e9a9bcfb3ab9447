#include <fmt/format.h>

#include "agent/api.hpp"
#include "http/router.hpp"
#include "os/host.hpp"
#include "registry/client.hpp"
#include "registry/json_writer.hpp"
#include "registry/registry.hpp"
#include "registry/state.hpp"

namespace cluster_lab::agent {
namespace {

using registry::JsonWriter;

http::Response maintain(Api& api, const http::Request& request) {
  const auto enable = enableOf(request);
  if (!enable) return errorResponse(enable.error());
  return answerOf(api.keeper.setNodeMaintenance(*enable, request.parameter("reason").value_or("")));
}

/// Nodes join by themselves: this can only tell whether the one that is named has.
http::Response join(Api& api, const http::Request& request) {
  const std::string place(http::starOf("/v1/agent/join/*", request.path));
  const auto host = place.substr(0, place.find(':'));
  for (const auto& node : api.registry.nodes()) {
    const auto& member = node.registration;
    if (host == member.address.toString() || host == member.name) return answerOf({});
  }
  return http::text(
      500, fmt::format("1 error occurred:\n\t* Failed to join {}: no node of this cluster has that "
                       "address; nodes of a Cluster Lab join by themselves when they are on its "
                       "network\n\n",
                       host));
}

http::Response leave(Api& api, const http::Request&) {
  api.stopDaemon();
  return answerOf({});
}

/// Where this node follows, the leader does it.
Result<void> forget(Api& api, const NodeId& node) {
  auto forgotten = api.registry.forgetNode(node);
  if (forgotten || forgotten.error().code != ErrorCode::Unavailable) return forgotten;
  return registry::forgetAtLeader(api.options.leaderAddress, api.options.registryPort, node);
}

/// A node that is alive stays, as Consul's would say that it is alive.
http::Response forceLeave(Api& api, const http::Request& request) {
  const std::string name(http::starOf("/v1/agent/force-leave/*", request.path));
  for (const auto& node : api.registry.nodes()) {
    if (node.registration.name != name) continue;
    const bool silent = node.health == registry::Health::Critical;
    return answerOf(silent ? forget(api, node.registration.id) : Result<void>());
  }
  return http::text(500, "agent: No node found with name '" + name + "'");
}

/// The configuration is read at the start only: there is nothing to do.
http::Response reload(Api&, const http::Request&) {
  return answerOf({});
}

http::Response noAcl(Api&, const http::Request&) {
  return http::text(401, "ACL support disabled");
}

http::Response host(Api&, const http::Request& request) {
  JsonWriter json(request.has("pretty"));
  json.beginObject().key("Memory").beginObject().member("total", os::totalMemoryBytes());
  json.endObject().key("CPU").beginArray();
  for (unsigned cpu = 0; cpu < os::processorCount(); ++cpu) {
    json.beginObject().member("cpu", cpu).endObject();
  }
  json.endArray()
      .key("Host")
      .beginObject()
      .member("hostname", os::hostName())
      .member("os", "linux")
      .member("platform", os::operatingSystem())
      .member("kernelVersion", os::kernelRelease())
      .member("kernelArch", os::machineName())
      .endObject();
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  json.member("CollectionTime",
              static_cast<std::uint64_t>(
                  std::chrono::duration_cast<std::chrono::nanoseconds>(now).count()));
  return http::json(json.key("Errors").null().endObject().finish());
}

}  // namespace

void addNodeRoutes(http::Router& router, Api& api) {
  addPut(router, api, "/v1/agent/maintenance", maintain);
  addPut(router, api, "/v1/agent/join/*", join);
  addPut(router, api, "/v1/agent/leave", leave);
  addPut(router, api, "/v1/agent/force-leave/*", forceLeave);
  addPut(router, api, "/v1/agent/reload", reload);
  addPut(router, api, "/v1/agent/token/*", noAcl);
  addGet(router, api, "/v1/agent/host", host);
}

}  // namespace cluster_lab::agent

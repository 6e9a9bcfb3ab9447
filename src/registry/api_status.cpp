#include "registry/api.hpp"
#include "registry/api_query.hpp"
#include "registry/consul_json.hpp"

namespace cluster_lab::registry {
namespace {

std::string serverAddress(Ipv4 address) {
  return address.toString() + ":" + std::to_string(consul::kServerPort);
}

http::Response leader(Api& api, const http::Request& request) {
  if (auto refusal = refuseDatacenter(api, request)) return *refusal;
  const auto address = api.core.read([](const Core::View& view) { return view.standing.leader; });
  JsonWriter json(request.has("pretty"));
  return http::json(json.string(address.isNone() ? "" : serverAddress(address)).finish());
}

/// The leader by its floating address, the others (each has a copy and may lead) by their own.
http::Response peers(Api& api, const http::Request& request) {
  if (auto refusal = refuseDatacenter(api, request)) return *refusal;
  JsonWriter json(request.has("pretty"));
  json.beginArray();
  api.core.read([&](const Core::View& view) {
    if (!view.standing.leader.isNone()) json.string(serverAddress(view.standing.leader));
    for (const auto* node : consul::nodesByName(view.state)) {
      if (node->row.role != Role::Leading) json.string(serverAddress(node->row.address));
    }
  });
  return http::json(json.endArray().finish());
}

}  // namespace

void addStatusRoutes(http::Router& router, Api& api) {
  addEndpoint(router, "/v1/status/leader",
              {{"GET", [&api](const http::Request& request) { return leader(api, request); }}});
  addEndpoint(router, "/v1/status/peers",
              {{"GET", [&api](const http::Request& request) { return peers(api, request); }}});
}

}  // namespace cluster_lab::registry

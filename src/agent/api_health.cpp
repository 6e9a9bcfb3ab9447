#include <algorithm>
#include <array>
#include <vector>

#include "agent/agent_json.hpp"
#include "agent/api.hpp"
#include "http/router.hpp"

namespace cluster_lab::agent {
namespace {

using registry::JsonWriter;

http::Response plain(int status, std::string text) {
  auto response = http::text(status, std::move(text));
  response.contentType = "text/plain";
  return response;
}

bool wantsText(const http::Request& request) {
  return request.parameter("format").value_or("") == "text";
}

http::Response withStatus(int status, http::Response response) {
  response.status = status;
  return response;
}

http::Response unknownId(const http::Request& request, const std::string& id) {
  JsonWriter json(request.has("pretty"));
  if (wantsText(request)) {
    return withStatus(404, http::json(json.string("ServiceId " + id + " not found").finish()));
  }
  json.beginObject().member("AggregatedStatus", "critical").key("Service").null();
  return withStatus(404, http::json(json.key("Checks").null().endObject().finish()));
}

http::Response byId(Api& api, const http::Request& request) {
  const std::string id(http::starOf("/v1/agent/health/service/id/*", request.path));
  if (id.empty()) return http::text(500, "Bad request: Missing serviceID");
  const auto node = nodeName(api);
  auto response = unknownId(request, id);
  api.keeper.read([&](const LocalServices& local) {
    const auto service = local.services().find(id);
    if (service == local.services().end()) return;
    const auto status = aggregatedStatus(local, id);
    JsonWriter json(request.has("pretty"));
    writeServiceHealth(json, local, service->second, node);
    response = wantsText(request) ? plain(healthCode(status), status)
                                  : withStatus(healthCode(status), http::json(json.finish()));
  });
  return response;
}

/// The worst of the statuses, of which there is one at least.
std::string worstOf(const std::vector<std::string>& statuses) {
  constexpr std::array kFromBest = {"passing", "warning", "critical", "maintenance"};
  return *std::ranges::max_element(statuses, {}, [&](const std::string& status) {
    return std::ranges::find(kFromBest, status) - kFromBest.begin();
  });
}

http::Response byName(Api& api, const http::Request& request) {
  const std::string name(http::starOf("/v1/agent/health/service/name/*", request.path));
  if (name.empty()) return http::text(500, "Bad request: Missing service Name");
  const auto node = nodeName(api);
  std::vector<std::string> statuses;
  JsonWriter json(request.has("pretty"));
  json.beginArray();
  api.keeper.read([&](const LocalServices& local) {
    for (const auto& [id, service] : local.services()) {
      if (service.name != name) continue;
      statuses.push_back(aggregatedStatus(local, id));
      writeServiceHealth(json, local, service, node);
    }
  });
  json.endArray();
  const bool unknown = statuses.empty();
  const auto status = unknown ? "ServiceName " + name + " Not Found" : worstOf(statuses);
  const int code = unknown ? 404 : healthCode(status);
  return wantsText(request) ? plain(code, status) : withStatus(code, http::json(json.finish()));
}

}  // namespace

void addHealthRoutes(http::Router& router, Api& api) {
  addGet(router, api, "/v1/agent/health/service/id/*", byId);
  addGet(router, api, "/v1/agent/health/service/name/*", byName);
}

}  // namespace cluster_lab::agent

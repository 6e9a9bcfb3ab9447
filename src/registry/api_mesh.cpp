#include "registry/api.hpp"
#include "registry/api_query.hpp"
#include "registry/json_writer.hpp"

/// What Consul has and this registry does not: ACLs, the service mesh, prepared queries. Answered
/// as Consul answers with that feature off.
namespace cluster_lab::registry {
namespace {

constexpr const char* kNoMesh = "Connect must be enabled in order to use this endpoint";

/// Any method on the path and all below it gets this refusal.
void refuseAll(http::Router& router, const std::string& path, int status, const char* why) {
  for (const char* method : {"GET", "PUT", "POST", "DELETE"}) {
    const auto refuse = [status, why](const http::Request&) { return http::text(status, why); };
    router.add(method, path, refuse);
    router.add(method, path + "/*", refuse);
  }
}

/// Consul's word for no list at all.
http::Response null(Api& api, const http::Request& request) {
  return answerQuery(api, request, {.tables = {}, .index = {}, .render = [](const Core::View&) {
                                      return http::json("null");
                                    }});
}

/// An empty list.
http::Response nothing(Api& api, const http::Request& request) {
  return answerQuery(api, request, {.tables = {}, .index = {}, .render = [&](const Core::View&) {
                                      JsonWriter json(request.has("pretty"));
                                      return http::json(json.beginArray().endArray().finish());
                                    }});
}

}  // namespace

void addMeshRoutes(http::Router& router, Api& api) {
  addGet(router, api, "/v1/config/*", &nothing);
  addGet(router, api, "/v1/query", &nothing);
  addGet(router, api, "/v1/connect/intentions", &nothing);
  addGet(router, api, "/v1/catalog/connect/*", &nothing);
  addGet(router, api, "/v1/health/connect/*", &nothing);
  addGet(router, api, "/v1/health/ingress/*", &nothing);
  addGet(router, api, "/v1/catalog/gateway-services/*", &null);
  refuseAll(router, "/v1/acl", 401, "ACL support disabled");
  refuseAll(router, "/v1/connect", 500, kNoMesh);
  refuseAll(router, "/v1/discovery-chain", 500, kNoMesh);
  refuseAll(router, "/v1/agent/connect", 500, kNoMesh);
  refuseAll(router, "/v1/query", 501, "prepared queries are not supported by Cluster Lab");
  refuseAll(router, "/v1/config", 501, "config entries are not supported by Cluster Lab");
}

}  // namespace cluster_lab::registry

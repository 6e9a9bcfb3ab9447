#include "registry/api.hpp"
#include "registry/api_query.hpp"
#include "registry/api_write.hpp"
#include "registry/consul_json.hpp"

namespace cluster_lab::registry {
namespace {

constexpr const char* kOneNode = "/cluster/v1/nodes/*";

void writeNode(JsonWriter& json, const NodeRegistration& node, const Stored<Check>* check,
               std::chrono::seconds age) {
  json.beginObject()
      .member("name", node.name)
      .member("id", node.id.toString())
      .member("address", node.address.toString())
      .member("role", toString(node.role))
      .member("health", toString(check == nullptr ? Health::Passing : check->row.status))
      .member("health_note", check == nullptr ? "" : check->row.output)
      .member("age_seconds", static_cast<std::uint64_t>(age.count()))
      .key("labels");
  consul::write(json, node.labels);
  json.member("mac", node.mac.toString()).member("version", node.version).endObject();
}

http::Response nodes(Api& api, const http::Request& request) {
  return answerQuery(
      api, request,
      {.tables = {Table::Nodes, Table::Checks}, .index = {}, .render = [&](const Core::View& view) {
         auto ages = view.ages.at(std::chrono::steady_clock::now());
         JsonWriter json(request.has("pretty"));
         json.beginArray();
         for (const auto* node : consul::nodesByName(view.state)) {
           if (node->row.external) continue;
           const auto& id = node->row.id;
           writeNode(json, node->row, view.state.serfHealthOf(id), ages[id]);
         }
         return http::json(json.endArray().finish());
       }});
}

http::Response forgetAnswer(const Error& error) {
  if (error.code == ErrorCode::NotFound) return http::text(404, error.text());
  if (error.code == ErrorCode::Conflict) return http::text(409, error.text());
  return errorResponse(error);
}

http::Response forget(Api& api, const http::Request& request) {
  return answerWrite(api, request, Permission::Client, [&] {
    const std::string node(http::starOf(kOneNode, request.path));
    const auto forgotten = api.core.write([&](const State& state) {
      return decide::forgetMember(state, node, request.has("force"));
    });
    if (!forgotten) return forgetAnswer(forgotten.error());
    api.core.acknowledgements().forget(*forgotten);
    return http::json("true");
  });
}

/// Tells whoever asks whether it may change anything here, and what hinders it.
http::Response access(Api& api, const http::Request& request) {
  const auto refusal = refusePeer(api, request, Permission::Client);
  JsonWriter json(request.has("pretty"));
  json.beginObject().key("may_write").boolean(!refusal).member("why", refusal ? refusal->body : "");
  return http::json(json.endObject().finish());
}

}  // namespace

void addClusterRoutes(http::Router& router, Api& api) {
  addGet(router, api, "/cluster/v1/access", access);
  addEndpoint(router, kOneNode,
              {{"DELETE", [&api](const http::Request& request) { return forget(api, request); }}});
  addEndpoint(router, "/cluster/v1/nodes",
              {{"GET", [&api](const http::Request& request) { return nodes(api, request); }}});
}

}  // namespace cluster_lab::registry

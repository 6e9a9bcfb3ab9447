#include "registry/api.hpp"
#include "registry/api_query.hpp"
#include "registry/consul_json.hpp"

namespace cluster_lab::registry {
namespace {

/// The checks of the node, in the order of their ids.
template <typename Use>
void forEachCheckOf(const State& state, const NodeId& node, Use use) {
  const auto prefix = checkKey(node, "");
  for (auto check = state.checks().lower_bound(prefix);
       check != state.checks().end() && check->first.starts_with(prefix); ++check) {
    use(check->second);
  }
}

http::Response checksOfNode(Api& api, const http::Request& request) {
  const std::string name(http::starOf("/v1/health/node/*", request.path));
  if (name.empty()) return http::text(400, "Missing node name");
  return answerQuery(
      api, request,
      {.tables = {Table::Nodes, Table::Checks}, .index = {}, .render = [&](const Core::View& view) {
         JsonWriter json(request.has("pretty"));
         json.beginArray();
         if (const auto* node = view.state.findNode(name)) {
           forEachCheckOf(view.state, node->row.id, [&](const auto& check) {
             consul::writeCheck(json, check, node->row.name);
           });
         }
         return http::json(json.endArray().finish());
       }});
}

http::Response checksInState(Api& api, const http::Request& request) {
  const std::string wanted(http::starOf("/v1/health/state/*", request.path));
  if (wanted.empty()) return http::text(400, "Missing check state");
  return answerQuery(
      api, request,
      {.tables = {Table::Nodes, Table::Checks}, .index = {}, .render = [&](const Core::View& view) {
         JsonWriter json(request.has("pretty"));
         json.beginArray();
         for (const auto* node : consul::nodesByName(view.state)) {
           forEachCheckOf(view.state, node->row.id, [&](const auto& check) {
             if (wanted != "any" && wanted != toString(check.row.status)) return;
             consul::writeCheck(json, check, node->row.name);
           });
         }
         return http::json(json.endArray().finish());
       }});
}

}  // namespace

void addHealthRoutes(http::Router& router, Api& api) {
  addEndpoint(
      router, "/v1/health/node/*",
      {{"GET", [&api](const http::Request& request) { return checksOfNode(api, request); }}});
  addEndpoint(
      router, "/v1/health/state/*",
      {{"GET", [&api](const http::Request& request) { return checksInState(api, request); }}});
}

}  // namespace cluster_lab::registry

#include <algorithm>

#include "registry/api.hpp"
#include "registry/api_query.hpp"
#include "registry/consul_json.hpp"

namespace cluster_lab::registry {
namespace {

/// The pairs of ?node-meta=key:value, all of which a node must have.
using MetaFilter = std::vector<std::pair<std::string, std::string>>;

MetaFilter metaFilterOf(const http::Request& request) {
  MetaFilter filter;
  const auto [first, last] = request.query.equal_range("node-meta");
  for (auto parameter = first; parameter != last; ++parameter) {
    const auto& text = parameter->second;
    const auto colon = text.find(':');
    filter.emplace_back(text.substr(0, colon),
                        colon == std::string::npos ? "" : text.substr(colon + 1));
  }
  return filter;
}

bool fits(const NodeRegistration& node, const MetaFilter& filter) {
  if (filter.empty()) return true;
  const auto meta = consul::metaOf(node);
  return std::ranges::all_of(filter, [&](const auto& wanted) {
    const auto found = meta.find(wanted.first);
    return found != meta.end() && found->second == wanted.second;
  });
}

http::Response nodes(Api& api, const http::Request& request) {
  return answerQuery(api, request,
                     {.tables = {Table::Nodes}, .index = {}, .render = [&](const Core::View& view) {
                        const auto filter = metaFilterOf(request);
                        JsonWriter json(request.has("pretty"));
                        json.beginArray();
                        for (const auto* node : consul::nodesByName(view.state)) {
                          if (!fits(node->row, filter)) continue;
                          consul::writeNode(json, *node, api.options.datacenter);
                        }
                        return http::json(json.endArray().finish());
                      }});
}

http::Response node(Api& api, const http::Request& request) {
  const std::string name(http::starOf("/v1/catalog/node/*", request.path));
  if (name.empty()) return http::text(400, "Missing node name");
  return answerQuery(api, request,
                     {.tables = {Table::Nodes}, .index = {}, .render = [&](const Core::View& view) {
                        JsonWriter json(request.has("pretty"));
                        const auto* found = view.state.findNode(name);
                        if (found == nullptr) return http::json(json.null().finish());
                        json.beginObject().key("Node");
                        consul::writeNode(json, *found, api.options.datacenter);
                        json.key("Services").beginObject().endObject().endObject();
                        return http::json(json.finish());
                      }});
}

http::Response datacenters(Api& api, const http::Request& request) {
  JsonWriter json(request.has("pretty"));
  return http::json(json.beginArray().string(api.options.datacenter).endArray().finish());
}

http::Response services(Api& api, const http::Request& request) {
  return answerQuery(api, request,
                     {.tables = {Table::Nodes}, .index = {}, .render = [&](const Core::View&) {
                        JsonWriter json(request.has("pretty"));
                        return http::json(json.beginObject().endObject().finish());
                      }});
}

}  // namespace

void addCatalogRoutes(http::Router& router, Api& api) {
  addEndpoint(router, "/v1/catalog/nodes",
              {{"GET", [&api](const http::Request& request) { return nodes(api, request); }}});
  addEndpoint(router, "/v1/catalog/node/*",
              {{"GET", [&api](const http::Request& request) { return node(api, request); }}});
  addEndpoint(
      router, "/v1/catalog/datacenters",
      {{"GET", [&api](const http::Request& request) { return datacenters(api, request); }}});
  addEndpoint(router, "/v1/catalog/services",
              {{"GET", [&api](const http::Request& request) { return services(api, request); }}});
}

}  // namespace cluster_lab::registry

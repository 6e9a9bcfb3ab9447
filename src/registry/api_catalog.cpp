#include <map>
#include <set>
#include <vector>

#include "registry/api.hpp"
#include "registry/api_list.hpp"
#include "registry/api_write.hpp"
#include "registry/catalog_request.hpp"
#include "registry/consul_json.hpp"
#include "registry/consul_services.hpp"
#include "registry/decide_catalog.hpp"

namespace cluster_lab::registry {
namespace {

http::Response nodes(Api& api, const http::Request& request) {
  return answerQuery(api, request,
                     {.tables = {Table::Nodes}, .index = {}, .render = [&](const Core::View& view) {
                        const MetaFilter meta(request);
                        ListAnswer list(request);
                        for (const auto* node : consul::nodesByName(view.state)) {
                          if (!meta.fits(node->row)) continue;
                          list.add([&](JsonWriter& json) {
                            consul::writeNode(json, *node, api.options.datacenter);
                          });
                        }
                        return list.finish();
                      }});
}

/// The services of a node that ?filter lets through, in the order of their ids.
std::vector<const Stored<Service>*> servicesOf(const State& state, const NodeRegistration& node,
                                               ElementFilter& filter) {
  std::vector<const Stored<Service>*> found;
  for (const auto& [key, service] : rowsUnder(state.services(), serviceKey(node.id, ""))) {
    const auto& each = service;
    if (filter.fits([&](JsonWriter& json) { consul::writeService(json, each); })) {
      found.push_back(&each);
    }
  }
  return found;
}

/// What a question about a node is answered from.
struct NodeView {
  const State& state;
  const Stored<NodeRegistration>* node;  ///< nullptr: there is none of that name
  ElementFilter& filter;
};

/// Answers a question about the node named behind `pattern`; `render(json, view)` writes the
/// answer.
http::Response answerNode(Api& api, const http::Request& request, std::string_view pattern,
                          const std::function<void(JsonWriter&, const NodeView&)>& render) {
  const std::string name(http::starOf(pattern, request.path));
  if (name.empty()) return http::text(400, "Missing node name");
  return answerQuery(api, request,
                     {.tables = {Table::Nodes, Table::Services},
                      .index = {},
                      .render = [&](const Core::View& view) {
                        JsonWriter json(request.has("pretty"));
                        ElementFilter filter(request);
                        render(json, {view.state, view.state.findNode(name), filter});
                        return filter.orRefusal(http::json(json.finish()));
                      }});
}

http::Response node(Api& api, const http::Request& request) {
  return answerNode(
      api, request, "/v1/catalog/node/*", [&](JsonWriter& json, const NodeView& view) {
        if (view.node == nullptr) {
          json.null();
          return;
        }
        json.beginObject().key("Node");
        consul::writeNode(json, *view.node, api.options.datacenter);
        json.key("Services").beginObject();
        for (const auto* service : servicesOf(view.state, view.node->row, view.filter)) {
          json.key(service->row.id);
          consul::writeService(json, *service);
        }
        json.endObject().endObject();
      });
}

http::Response nodeServices(Api& api, const http::Request& request) {
  return answerNode(
      api, request, "/v1/catalog/node-services/*", [&](JsonWriter& json, const NodeView& view) {
        json.beginObject();
        if (view.node == nullptr) {
          json.key("Node").null().key("Services").null().endObject();
          return;
        }
        json.key("Node");
        consul::writeNode(json, *view.node, api.options.datacenter);
        json.key("Services").beginArray();
        for (const auto* service : servicesOf(view.state, view.node->row, view.filter)) {
          consul::writeService(json, *service);
        }
        json.endArray().endObject();
      });
}

http::Response datacenters(Api& api, const http::Request& request) {
  JsonWriter json(request.has("pretty"));
  return http::json(json.beginArray().string(api.options.datacenter).endArray().finish());
}

/// The tags of a service's instances, each once and in order.
class TagUnion {
 public:
  /// Most instances have the same tags as the one before.
  void add(const std::vector<std::string>& tags) {
    if (last_ != nullptr && *last_ == tags) return;
    last_ = &tags;
    all_.insert(tags.begin(), tags.end());
  }
  void write(JsonWriter& json) const {
    json.beginArray();
    for (const auto tag : all_) json.string(tag);
    json.endArray();
  }

 private:
  const std::vector<std::string>* last_ = nullptr;
  std::set<std::string_view> all_;
};

/// Every service's tags, of all its instances.
http::Response services(Api& api, const http::Request& request) {
  return answerQuery(api, request,
                     {.tables = {Table::Nodes, Table::Services},
                      .index = {},
                      .render = [&](const Core::View& view) {
                        const MetaFilter meta(request);
                        const auto fits = [&](const Service& service) {
                          const auto* owner = view.state.findNode(service.node);
                          return owner != nullptr && meta.fits(owner->row);
                        };
                        std::map<std::string_view, TagUnion> tags;
                        for (const auto& [key, service] : view.state.services()) {
                          if (meta.isEmpty() || fits(service.row))
                            tags[service.row.name].add(service.row.tags);
                        }
                        JsonWriter json(request.has("pretty"));
                        json.beginObject();
                        for (const auto& [name, all] : tags) all.write(json.key(name));
                        return http::json(json.endObject().finish());
                      }});
}

http::Response service(Api& api, const http::Request& request) {
  const std::string name(http::starOf("/v1/catalog/service/*", request.path));
  if (name.empty()) return http::text(400, "Missing service name");
  const auto tags = tagsOf(request);
  return answerQuery(
      api, request,
      {.tables = {Table::Nodes, Table::Services},
       .index = [&](const State& state) { return state.serviceIndex().index(name); },
       .render =
           [&](const Core::View& view) {
             const MetaFilter meta(request);
             ListAnswer list(request);
             for (const auto& instance : consul::instancesOf(view.state, name)) {
               if (!hasTags(instance.service->row, tags) || !meta.fits(instance.node->row))
                 continue;
               list.add([&](JsonWriter& json) {
                 consul::writeCatalogService(json, instance, api.options.datacenter);
               });
             }
             return list.finish();
           }});
}

/// Carries out what a body asks for: read by `parse`, decided by `decide`.
template <typename Parse, typename Decide>
http::Response change(Api& api, const http::Request& request, Parse parse, Decide decide) {
  return answerWrite(api, request, Permission::Client, [&] {
    const auto wanted = parse(request.body);
    if (!wanted) return errorResponse(wanted.error());
    if (auto refusal = refuseDatacenter(api, wanted->datacenter)) return *refusal;
    const auto done = api.core.write([&](const State& state) { return decide(state, *wanted); });
    if (!done) return http::text(storeStatusOf(done.error()), done.error().text());
    return http::json("true");
  });
}

http::Response registerEntity(Api& api, const http::Request& request) {
  return change(api, request, &parseCatalogRegistration, &decide::registerEntity);
}

http::Response deregisterEntity(Api& api, const http::Request& request) {
  return change(api, request, &parseCatalogDeregistration, &decide::deregisterEntity);
}

}  // namespace

void addCatalogRoutes(http::Router& router, Api& api) {
  addGet(router, api, "/v1/catalog/nodes", &nodes);
  addGet(router, api, "/v1/catalog/node/*", &node);
  addGet(router, api, "/v1/catalog/node-services/*", &nodeServices);
  addGet(router, api, "/v1/catalog/datacenters", &datacenters);
  addGet(router, api, "/v1/catalog/services", &services);
  addGet(router, api, "/v1/catalog/service/*", &service);
  addPut(router, api, "/v1/catalog/register", &registerEntity);
  addPut(router, api, "/v1/catalog/deregister", &deregisterEntity);
}

}  // namespace cluster_lab::registry

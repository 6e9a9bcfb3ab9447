#include <algorithm>

#include "registry/api.hpp"
#include "registry/api_list.hpp"
#include "registry/consul_json.hpp"
#include "registry/consul_services.hpp"

namespace cluster_lab::registry {
namespace {

constexpr TableSet kTablesOfHealth = {Table::Nodes, Table::Checks, Table::Services};

void add(ListAnswer& list, const State& state, const Stored<Check>& check) {
  list.add([&](JsonWriter& json) { consul::writeCheck(json, state, check); });
}

/// The node's checks of that status; "any": all.
void addChecksOf(ListAnswer& list, const State& state, const NodeId& node,
                 std::string_view status) {
  for (const auto& row : rowsUnder(state.checks(), checkKey(node, ""))) {
    if (status == "any" || status == toString(row.second.row.status)) add(list, state, row.second);
  }
}

void addChecksOf(ListAnswer& list, const State& state, const Service& service) {
  for (const auto* check : consul::checksOf(state, service)) {
    if (!check->row.serviceId.empty()) add(list, state, *check);
  }
}

http::Response checksOfNode(Api& api, const http::Request& request) {
  const std::string name(http::starOf("/v1/health/node/*", request.path));
  if (name.empty()) return http::text(400, "Missing node name");
  return answerQuery(
      api, request, {.tables = kTablesOfHealth, .index = {}, .render = [&](const Core::View& view) {
                       ListAnswer list(request);
                       const auto* node = view.state.findNode(name);
                       if (node != nullptr) addChecksOf(list, view.state, node->row.id, "any");
                       return list.finish();
                     }});
}

http::Response checksInState(Api& api, const http::Request& request) {
  const std::string wanted(http::starOf("/v1/health/state/*", request.path));
  if (wanted.empty()) return http::text(400, "Missing check state");
  return answerQuery(
      api, request, {.tables = kTablesOfHealth, .index = {}, .render = [&](const Core::View& view) {
                       const MetaFilter meta(request);
                       ListAnswer list(request);
                       for (const auto* node : consul::nodesByName(view.state)) {
                         if (meta.fits(node->row))
                           addChecksOf(list, view.state, node->row.id, wanted);
                       }
                       return list.finish();
                     }});
}

http::Response checksOfService(Api& api, const http::Request& request) {
  const std::string name(http::starOf("/v1/health/checks/*", request.path));
  if (name.empty()) return http::text(400, "Missing service name");
  return answerQuery(api, request,
                     {.tables = kTablesOfHealth,
                      .index = [&](const State& state) { return state.serviceIndex().index(name); },
                      .render =
                          [&](const Core::View& view) {
                            const MetaFilter meta(request);
                            ListAnswer list(request);
                            for (const auto& instance : consul::instancesOf(view.state, name)) {
                              if (!meta.fits(instance.node->row)) continue;
                              addChecksOf(list, view.state, instance.service->row);
                            }
                            return list.finish();
                          }});
}

/// Whether ?passing asks for passing instances only; nullopt: it is no truth value.
std::optional<bool> passingOnly(const http::Request& request) {
  const auto text = request.parameter("passing");
  if (!text) return false;
  if (text->empty()) return true;
  for (const auto* yes : {"1", "t", "T", "true", "TRUE", "True"}) {  // Go's strconv.ParseBool
    if (*text == yes) return true;
  }
  for (const auto* no : {"0", "f", "F", "false", "FALSE", "False"}) {
    if (*text == no) return false;
  }
  return std::nullopt;
}

http::Response instances(Api& api, const http::Request& request) {
  const std::string name(http::starOf("/v1/health/service/*", request.path));
  if (name.empty()) return http::text(400, "Missing service name");
  const auto onlyPassing = passingOnly(request);
  if (!onlyPassing) return http::text(400, "Invalid value for ?passing");
  const auto tags = tagsOf(request);
  return answerQuery(
      api, request,
      {.tables = kTablesOfHealth,
       .index = [&](const State& state) { return state.serviceIndex().index(name); },
       .render =
           [&](const Core::View& view) {
             const MetaFilter meta(request);
             ListAnswer list(request);
             for (const auto& instance : consul::instancesOf(view.state, name)) {
               const auto& service = instance.service->row;
               if (!hasTags(service, tags) || !meta.fits(instance.node->row)) continue;
               const auto checks = consul::checksOf(view.state, service);
               const bool passes = std::ranges::all_of(
                   checks, [](const auto* check) { return check->row.status == Health::Passing; });
               if (*onlyPassing && !passes) continue;
               list.add([&](JsonWriter& json) {
                 consul::writeInstance(json, view.state, instance, checks, api.options.datacenter);
               });
             }
             return list.finish();
           }});
}

}  // namespace

void addHealthRoutes(http::Router& router, Api& api) {
  addGet(router, api, "/v1/health/node/*", &checksOfNode);
  addGet(router, api, "/v1/health/state/*", &checksInState);
  addGet(router, api, "/v1/health/checks/*", &checksOfService);
  addGet(router, api, "/v1/health/service/*", &instances);
}

}  // namespace cluster_lab::registry

#include "registry/api_overview.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "registry/api.hpp"
#include "registry/api_list.hpp"
#include "registry/consul_services.hpp"

namespace cluster_lab::registry {
namespace {

/// A service in one line: what its instances and their checks add up to.
struct Summary {
  std::set<std::string> tags;
  std::vector<std::string> nodes;  ///< one an instance
  std::map<Health, std::uint64_t> checks;
};

std::map<std::string, Summary> summarize(const State& state) {
  std::map<std::string, Summary> summaries;
  for (const auto& [key, service] : state.services()) {
    const auto* node = state.findNode(service.row.node);
    if (node == nullptr) continue;
    auto& summary = summaries[service.row.name];
    summary.tags.insert(service.row.tags.begin(), service.row.tags.end());
    summary.nodes.push_back(node->row.name);
    for (const auto* check : consul::checksOf(state, service.row)) {
      ++summary.checks[check->row.status];
    }
  }
  return summaries;
}

/// null where there are none, as Go writes a list that was never made.
void writeTags(JsonWriter& json, const std::set<std::string>& tags) {
  if (tags.empty()) {
    json.null();
    return;
  }
  json.beginArray();
  for (const auto& tag : tags) json.string(tag);
  json.endArray();
}

void writeSummary(JsonWriter& json, const std::string& name, Summary summary) {
  json.beginObject().member("Name", name).key("Tags");
  writeTags(json, summary.tags);
  std::ranges::sort(summary.nodes);
  json.key("Nodes").beginArray();
  for (const auto& node : summary.nodes) json.string(node);
  json.endArray()
      .member("InstanceCount", summary.nodes.size())
      .member("ChecksPassing", summary.checks[Health::Passing])
      .member("ChecksWarning", summary.checks[Health::Warning])
      .member("ChecksCritical", summary.checks[Health::Critical]);
  json.key("ExternalSources").null().key("GatewayConfig").beginObject().endObject().endObject();
}

http::Response services(Api& api, const http::Request& request) {
  return answerQuery(
      api, request,
      {.tables = {Table::Nodes, Table::Checks, Table::Services},
       .index = {},
       .render = [&](const Core::View& view) {
         ListAnswer list(request);
         for (const auto& row : summarize(view.state)) {
           list.add([&](JsonWriter& json) { writeSummary(json, row.first, row.second); });
         }
         return list.finish();
       }});
}

http::Response locks(Api& api, const http::Request& request) {
  return answerQuery(api, request,
                     {.tables = {Table::Kv}, .index = {}, .render = [&](const Core::View& view) {
                        ListAnswer list(request);
                        for (const auto& row : view.state.kv()) {
                          if (row.second.row.session.empty()) continue;
                          list.add([&](JsonWriter& json) {
                            json.beginObject().member("key", row.first);
                            json.member("session", row.second.row.session).endObject();
                          });
                        }
                        return list.finish();
                      }});
}

}  // namespace

void addOverviewRoutes(http::Router& router, Api& api) {
  addGet(router, api, "/v1/internal/ui/services", &services);
  addGet(router, api, "/cluster/v1/locks", &locks);
}

}  // namespace cluster_lab::registry

#include "registry/api.hpp"
#include "registry/api_query.hpp"
#include "registry/go_values.hpp"
#include "registry/json_writer.hpp"

namespace cluster_lab::registry {
namespace {

http::Response timeline(Api& api, const http::Request& request) {
  return answerQuery(api, request,
                     {.tables = {Table::Timeline}, .index = {}, .render = [&](const auto& view) {
                        JsonWriter json(request.has("pretty"));
                        json.beginArray();
                        for (const auto& [key, stored] : view.state.timeline()) {
                          const auto& row = stored.row;
                          json.beginObject()
                              .member("id", parseGoUnsigned(key).value_or(0))
                              .member("time", static_cast<std::uint64_t>(row.time))
                              .member("kind", row.kind)
                              .member("node", row.node)
                              .member("text", row.text)
                              .endObject();
                        }
                        return http::json(json.endArray().finish());
                      }});
}

}  // namespace

void addTimelineRoutes(http::Router& router, Api& api) {
  addGet(router, api, "/cluster/v1/timeline", timeline);
}

}  // namespace cluster_lab::registry

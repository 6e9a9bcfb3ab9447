#include "os/host.hpp"
#include "registry/api.hpp"
#include "registry/api_query.hpp"
#include "registry/api_write.hpp"
#include "registry/base64.hpp"
#include "registry/json_writer.hpp"
#include "registry/user_events.hpp"

namespace cluster_lab::registry {
namespace {

void write(JsonWriter& json, const UserEvent& event) {
  json.beginObject().member("ID", event.id).member("Name", event.name).key("Payload");
  if (event.payload.empty()) {
    json.null();
  } else {
    json.string(toBase64(event.payload));
  }
  json.member("NodeFilter", event.nodeFilter)
      .member("ServiceFilter", event.serviceFilter)
      .member("TagFilter", event.tagFilter)
      .member("Version", 1)
      .member("LTime", event.lamportTime)
      .endObject();
}

UserEvent eventIn(const http::Request& request) {
  return {.id = NodeId::fromRandom(os::randomBytes16()).toString(),
          .name = std::string(http::starOf("/v1/event/fire/*", request.path)),
          .payload = request.body,
          .nodeFilter = request.parameter("node").value_or(""),
          .serviceFilter = request.parameter("service").value_or(""),
          .tagFilter = request.parameter("tag").value_or("")};
}

http::Response fire(Api& api, const http::Request& request) {
  const auto event = eventIn(request);
  if (event.name.empty()) return http::text(400, "Missing name");
  if (const auto good = checkEvent(event); !good) return http::text(500, good.error().message);
  return answerWrite(api, request, Permission::Client, [&] {
    const auto done =
        api.core.write([&](const State& state) { return decide::fireEvent(state, event); });
    if (!done) return errorResponse(done.error());
    JsonWriter json(request.has("pretty"));
    write(json, event);  // its time is not known when it is fired, as with Consul
    return http::json(json.finish());
  });
}

http::Response list(Api& api, const http::Request& request) {
  const auto name = request.parameter("name").value_or("");
  const auto& self = api.options.self;
  return answerQuery(
      api, request,
      {.tables = {Table::Events},
       .index = [&](const State& state) { return indexOf(eventsFor(state, self, name)); },
       .render =
           [&](const Core::View& view) {
             JsonWriter json(request.has("pretty"));
             json.beginArray();
             for (const auto* event : eventsFor(view.state, self, name)) write(json, *event);
             return http::json(json.endArray().finish());
           },
       .unordered = true});
}

}  // namespace

void addEventRoutes(http::Router& router, Api& api) {
  addPut(router, api, "/v1/event/fire/*", fire);
  addGet(router, api, "/v1/event/list", list);
}

}  // namespace cluster_lab::registry

#include "os/host.hpp"
#include "registry/api.hpp"
#include "registry/api_query.hpp"
#include "registry/api_write.hpp"
#include "registry/consul_json.hpp"
#include "registry/decide_session.hpp"
#include "registry/session_keeper.hpp"

namespace cluster_lab::registry {
namespace {

// Which node a client asked, for the leader that the request is handed to: a session that names no
// node is that one's.
constexpr const char* kAskedParameter = "cluster-lab-node";

http::Response refused(const Error& error) {
  return http::text(storeStatusOf(error), error.text());
}

void write(JsonWriter& json, const char* name, const std::vector<std::string>& texts) {
  json.key(name).beginArray();
  for (const auto& text : texts) json.string(text);
  json.endArray();
}

void writeServiceChecks(JsonWriter& json, const Session& session) {
  json.key("ServiceChecks");
  if (session.serviceChecks.empty()) {
    json.null();
    return;
  }
  json.beginArray();
  for (const auto& id : session.serviceChecks) {
    json.beginObject().member("ID", id).member("Namespace", "").endObject();
  }
  json.endArray();
}

void write(JsonWriter& json, const State& state, const Stored<Session>& session) {
  const auto& row = session.row;
  const auto* node = state.findNode(row.node);
  json.beginObject()
      .member("ID", row.id)
      .member("Name", row.name)
      .member("Node", node == nullptr ? "" : node->row.name)
      .member("LockDelay", static_cast<std::uint64_t>(row.lockDelay.count()))
      .member("Behavior", toString(row.behavior))
      .member("TTL", row.ttl);
  write(json, "NodeChecks", row.nodeChecks);
  writeServiceChecks(json, row);
  if (!row.checks.empty()) write(json, "Checks", row.checks);
  json.member("CreateIndex", session.created).member("ModifyIndex", session.modified).endObject();
}

/// The sessions that `wanted(state, session)`, as an array.
template <typename Wanted>
http::Response sessions(Api& api, const http::Request& request, Wanted wanted) {
  return answerQuery(api, request,
                     {.tables = {Table::Sessions}, .index = {}, .render = [&](const auto& view) {
                        JsonWriter json(request.has("pretty"));
                        json.beginArray();
                        for (const auto& [id, session] : view.state.sessions()) {
                          if (wanted(view.state, session.row)) write(json, view.state, session);
                        }
                        return http::json(json.endArray().finish());
                      }});
}

http::Response list(Api& api, const http::Request& request) {
  return sessions(api, request, [](const State&, const Session&) { return true; });
}

http::Response ofNode(Api& api, const http::Request& request) {
  const std::string name(http::starOf("/v1/session/node/*", request.path));
  if (name.empty()) return http::text(400, "Missing node name");
  return sessions(api, request, [&](const State& state, const Session& session) {
    const auto* node = state.findNode(name);
    return node != nullptr && node->row.id == session.node;
  });
}

http::Response missingSession() {
  return http::text(400, "Missing session");
}

/// The session as an array; a malformed id is refused as Consul does.
http::Response render(const State& state, const http::Request& request, const std::string& id) {
  const auto session = decide::findSession(state, id);
  if (!session) return refused(session.error());
  JsonWriter json(request.has("pretty"));
  json.beginArray();
  if (*session != nullptr) write(json, state, **session);
  return http::json(json.endArray().finish());
}

http::Response info(Api& api, const http::Request& request) {
  const std::string id(http::starOf("/v1/session/info/*", request.path));
  if (id.empty()) return missingSession();
  return answerQuery(api, request,
                     {.tables = {Table::Sessions}, .index = {}, .render = [&](const auto& view) {
                        return render(view.state, request, id);
                      }});
}

http::Response carryOutCreate(Api& api, const http::Request& request) {
  const auto wanted = sessionRequestFrom(request.body, *request.parameter(kAskedParameter));
  if (!wanted) return http::text(400, wanted.error().message);
  const auto id = NodeId::fromRandom(os::randomBytes16()).toString();
  const auto made =
      api.core.write([&](const State& state) { return decide::createSession(state, *wanted, id); });
  if (!made) return refused(made.error());
  return http::json(
      JsonWriter(request.has("pretty")).beginObject().member("ID", *made).endObject().finish());
}

http::Response create(Api& api, const http::Request& request) {
  auto marked = request;
  if (!marked.has(kAskedParameter)) marked.query.emplace(kAskedParameter, nameOfSelf(api));
  return answerWrite(api, marked, Permission::Client, [&] { return carryOutCreate(api, marked); });
}

http::Response destroy(Api& api, const http::Request& request) {
  const std::string id(http::starOf("/v1/session/destroy/*", request.path));
  if (id.empty()) return missingSession();
  return answerWrite(api, request, Permission::Client, [&] {
    const auto done =
        api.core.write([&](const State& state) { return decide::destroySession(state, id); });
    return done ? http::json("true") : refused(done.error());
  });
}

http::Response renew(Api& api, const http::Request& request) {
  const std::string id(http::starOf("/v1/session/renew/*", request.path));
  if (id.empty()) return missingSession();
  return answerWrite(api, request, Permission::Client, [&] {
    api.sessions.renew(decide::sessionKey(id));
    auto response =
        api.core.read([&](const Core::View& view) { return render(view.state, request, id); });
    const bool unknown = response.status == 200 && response.body.starts_with("[]");
    return unknown ? http::text(404, "Session id '" + id + "' not found") : response;
  });
}

}  // namespace

void addSessionRoutes(http::Router& router, Api& api) {
  addPut(router, api, "/v1/session/create", create);
  addPut(router, api, "/v1/session/destroy/*", destroy);
  addPut(router, api, "/v1/session/renew/*", renew);
  addGet(router, api, "/v1/session/info/*", info);
  addGet(router, api, "/v1/session/node/*", ofNode);
  addGet(router, api, "/v1/session/list", list);
}

}  // namespace cluster_lab::registry

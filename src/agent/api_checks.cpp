#include "agent/agent_json.hpp"
#include "agent/api.hpp"
#include "agent/api_filter.hpp"
#include "agent/definition_json.hpp"
#include "http/router.hpp"

namespace cluster_lab::agent {
namespace {

using registry::Health;
using registry::JsonWriter;

http::Response checks(Api& api, const http::Request& request) {
  const auto filter = ElementFilter::of(request);
  if (!filter) return http::text(500, filter.error().message);
  const auto node = nodeName(api);
  JsonWriter json(request.has("pretty"));
  Result<void> done;
  json.beginObject();
  api.keeper.read([&](const LocalServices& local) {
    for (const auto& [id, check] : local.checks()) {
      const auto service = local.services().find(check.definition.serviceId);
      const auto* of = service == local.services().end() ? nullptr : &service->second;
      const auto write = [&](JsonWriter& into) { writeCheck(into, check, node, of); };
      if (done) done = filter->write(json, id, write);
    }
  });
  if (!done) return http::text(500, done.error().message);
  return http::json(json.endObject().finish());
}

http::Response registerCheck(Api& api, const http::Request& request) {
  const auto check = parseCheckRegistration(request.body);
  return check ? answerOf(api.keeper.putCheck(*check)) : errorResponse(check.error());
}

http::Response deregisterCheck(Api& api, const http::Request& request) {
  const std::string id(http::starOf("/v1/agent/check/deregister/*", request.path));
  if (id.empty()) return http::text(500, "CheckID missing");
  return answerOf(api.keeper.removeCheck(id));
}

/// pass, warn and fail: `pattern` names the check, ?note is the output.
http::Response report(Api& api, const http::Request& request, std::string_view pattern,
                      Health status) {
  const std::string id(http::starOf(pattern, request.path));
  return answerOf(api.keeper.report(id, {status, request.parameter("note").value_or("")}));
}

http::Response pass(Api& api, const http::Request& request) {
  return report(api, request, "/v1/agent/check/pass/*", Health::Passing);
}

http::Response warn(Api& api, const http::Request& request) {
  return report(api, request, "/v1/agent/check/warn/*", Health::Warning);
}

http::Response failing(Api& api, const http::Request& request) {
  return report(api, request, "/v1/agent/check/fail/*", Health::Critical);
}

http::Response update(Api& api, const http::Request& request) {
  const std::string id(http::starOf("/v1/agent/check/update/*", request.path));
  const auto told = parseTtlReport(request.body);
  if (!told) return errorResponse(told.error());
  return answerOf(api.keeper.report(id, {told->status, told->output}));
}

}  // namespace

void addCheckRoutes(http::Router& router, Api& api) {
  addGet(router, api, "/v1/agent/checks", checks);
  addPut(router, api, "/v1/agent/check/register", registerCheck);
  addPut(router, api, "/v1/agent/check/deregister/*", deregisterCheck);
  addPut(router, api, "/v1/agent/check/pass/*", pass);
  addPut(router, api, "/v1/agent/check/warn/*", warn);
  addPut(router, api, "/v1/agent/check/fail/*", failing);
  addPut(router, api, "/v1/agent/check/update/*", update);
}

}  // namespace cluster_lab::agent

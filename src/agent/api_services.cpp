#include <algorithm>
#include <chrono>

#include "agent/agent_json.hpp"
#include "agent/api.hpp"
#include "agent/api_filter.hpp"
#include "agent/definition_json.hpp"
#include "http/router.hpp"
#include "registry/go_values.hpp"

namespace cluster_lab::agent {
namespace {

using registry::JsonWriter;
using std::chrono::nanoseconds;

// Consul, api-docs/features/blocking
constexpr nanoseconds kDefaultWait = std::chrono::minutes(5);
constexpr nanoseconds kLongestWait = std::chrono::minutes(10);
/// How often a waiting request looks whether its client is still there.
constexpr std::chrono::seconds kAbandonedLook{5};

std::string idIn(const http::Request& request, std::string_view pattern) {
  return std::string(http::starOf(pattern, request.path));
}

http::Response services(Api& api, const http::Request& request) {
  const auto filter = ElementFilter::of(request);
  if (!filter) return http::text(500, filter.error().message);
  JsonWriter json(request.has("pretty"));
  Result<void> done;
  json.beginObject();
  api.keeper.read([&](const LocalServices& local) {
    for (const auto& [id, service] : local.services()) {
      const auto write = [&](JsonWriter& into) { writeService(into, service); };
      if (done) done = filter->write(json, id, write);
    }
  });
  if (!done) return http::text(500, done.error().message);
  return http::json(json.endObject().finish());
}

std::optional<ServiceDefinition> find(Api& api, const std::string& id) {
  std::optional<ServiceDefinition> found;
  api.keeper.read([&](const LocalServices& local) {
    const auto service = local.services().find(id);
    if (service != local.services().end()) found = service->second;
  });
  return found;
}

TimePoint deadlineOf(const http::Request& request) {
  const auto wait = registry::parseGoDuration(request.parameter("wait").value_or("0"));
  const auto wanted = wait && wait->count() > 0 ? *wait : kDefaultWait;
  return std::chrono::steady_clock::now() + std::min(wanted, kLongestWait);
}

/// Waits until the service is another than the one with that hash, or long enough.
std::optional<ServiceDefinition> awaitOther(Api& api, const http::Request& request,
                                            const std::string& id, const std::string& hash) {
  const auto deadline = deadlineOf(request);
  while (true) {
    const auto version = api.keeper.version();
    auto service = find(api, id);
    const auto now = std::chrono::steady_clock::now();
    if (!service || contentHash(*service) != hash || now >= deadline || request.abandoned() ||
        api.keeper.stopped()) {
      return service;
    }
    api.keeper.waitChange(version, std::min<TimePoint>(deadline, now + kAbandonedLook));
  }
}

http::Response service(Api& api, const http::Request& request) {
  const auto id = idIn(request, "/v1/agent/service/*");
  const auto found = awaitOther(api, request, id, request.parameter("hash").value_or(""));
  if (!found) return http::text(404, "unknown service ID: " + id);
  const auto hash = contentHash(*found);
  JsonWriter json(request.has("pretty"));
  beginService(json, *found);
  auto response = http::json(json.member("ContentHash", hash).endObject().finish());
  response.headers.emplace_back("X-Consul-ContentHash", hash);
  return response;
}

http::Response registerService(Api& api, const http::Request& request) {
  const auto registration = parseServiceRegistration(request.body);
  if (!registration) return errorResponse(registration.error());
  const auto replace = request.parameter("replace-existing-checks");
  const bool replaces = replace && (replace->empty() || *replace == "true" || *replace == "1");
  return answerOf(api.keeper.putService(*registration, replaces));
}

http::Response deregisterService(Api& api, const http::Request& request) {
  const auto id = idIn(request, "/v1/agent/service/deregister/*");
  if (id.empty()) return http::text(500, "ServiceID missing");
  return answerOf(api.keeper.removeService(id));
}

http::Response maintain(Api& api, const http::Request& request) {
  const auto id = idIn(request, "/v1/agent/service/maintenance/*");
  if (id.empty()) return http::text(400, "Missing service ID");
  const auto enable = enableOf(request);
  if (!enable) return errorResponse(enable.error());
  return answerOf(
      api.keeper.setServiceMaintenance(id, *enable, request.parameter("reason").value_or("")));
}

}  // namespace

void addServiceRoutes(http::Router& router, Api& api) {
  addGet(router, api, "/v1/agent/services", services);
  addGet(router, api, "/v1/agent/service/*", service);
  addPut(router, api, "/v1/agent/service/register", registerService);
  addPut(router, api, "/v1/agent/service/deregister/*", deregisterService);
  addPut(router, api, "/v1/agent/service/maintenance/*", maintain);
}

}  // namespace cluster_lab::agent

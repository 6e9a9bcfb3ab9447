#include "scheduler/scheduler_api.hpp"

#include <algorithm>
#include <utility>

#include "http/origin.hpp"
#include "http/router.hpp"
#include "registry/registry.hpp"
#include "scheduler/api_version.hpp"
#include "scheduler/cluster_view.hpp"
#include "scheduler/docker_json.hpp"
#include "scheduler/engine_json.hpp"

namespace cluster_lab::scheduler {
namespace {

constexpr auto kNodePattern = "/cluster/v1/nodes/*";

http::Response failure(const Error& error) {
  return http::text(error.code == ErrorCode::Unavailable ? 503 : 500, error.text() + "\n");
}

http::Response dockerError(int status, const std::string& message) {
  auto response = http::json(renderMessage(message));
  response.status = status;
  return response;
}

/// Headers by which Docker's clients choose their API version.
http::Response ping() {
  auto response = http::text(200, "OK");
  response.headers = {{"Api-Version", std::string(kApiVersion)},
                      {"Docker-Experimental", "false"},
                      {"OSType", "linux"},
                      {"Builder-Version", "1"},
                      {"Cache-Control", "no-cache, no-store, must-revalidate"},
                      {"Pragma", "no-cache"}};
  return response;
}

ClusterView viewOf(const registry::Registry& registry) {
  return joinView(registry.nodes(), registry.engines());
}

/// By the id or the name that the path's end gives.
std::optional<EngineView> findNode(const registry::Registry& registry, std::string_view path) {
  const auto wanted = http::starOf(kNodePattern, path);
  const auto view = viewOf(registry);
  const auto found = std::ranges::find_if(view.engines, [wanted](const EngineView& node) {
    return node.engine.node.toString() == wanted || node.engine.nodeName == wanted;
  });
  if (found == view.engines.end()) return std::nullopt;
  return *found;
}

http::Response noSuchNode(std::string_view path) {
  return http::text(404, "no node " + std::string(http::starOf(kNodePattern, path)) + "\n");
}

}  // namespace

SchedulerApi::SchedulerApi(registry::Registry& registry, Options options)
    : registry_(registry), options_(std::move(options)) {}

void SchedulerApi::addRoutes(http::Router& router) {
  add(router, "POST", "/cluster/v1/nodes", &SchedulerApi::registerNode);
  add(router, "GET", "/cluster/v1/nodes", &SchedulerApi::listNodes);
  add(router, "GET", kNodePattern, &SchedulerApi::showNode);
  add(router, "DELETE", kNodePattern, &SchedulerApi::removeNode);
  for (const auto* method : {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"}) {
    add(router, method, "/*", &SchedulerApi::docker);
  }
}

void SchedulerApi::add(http::Router& router, const char* method, const char* pattern,
                       Answer answer) {
  router.add(method, pattern, [this, answer](const http::Request& request) {
    if (!http::mayWrite(request, options_.clusterNetwork, false)) {
      return dockerError(403, "the scheduler answers the cluster's own link (" +
                                  options_.clusterNetwork.toString() + ") and this machine only");
    }
    return (this->*answer)(request);
  });
}

http::Response SchedulerApi::registerNode(const http::Request& request) const {
  const auto engine = parseEngine(request.body);
  if (!engine) return http::text(400, engine.error().message + "\n");
  if (!options_.clusterNetwork.contains(engine->address)) {
    return http::text(400, "member Address: " + engine->address.toString() + " is not within " +
                               options_.clusterNetwork.toString() + "\n");
  }
  if (const auto put = registry_.putEngine(*engine); !put) return failure(put.error());
  return http::json(renderRegistered(engine->nodeName, request.local.toString()));
}

http::Response SchedulerApi::listNodes(const http::Request& /*request*/) const {
  return http::json(renderNodes(viewOf(registry_)));
}

http::Response SchedulerApi::showNode(const http::Request& request) const {
  const auto node = findNode(registry_, request.path);
  return node ? http::json(renderNode(*node)) : noSuchNode(request.path);
}

http::Response SchedulerApi::removeNode(const http::Request& request) const {
  const auto node = findNode(registry_, request.path);
  if (!node) return noSuchNode(request.path);
  if (const auto removed = registry_.removeEngine(node->engine.node); !removed) {
    return failure(removed.error());
  }
  return http::json("{}");
}

http::Response SchedulerApi::docker(const http::Request& request) const {
  const auto path = withoutApiVersion(request.path);
  return path ? dockerCall(request, *path) : dockerError(400, path.error().message);
}

http::Response SchedulerApi::dockerCall(const http::Request& request, std::string_view path) const {
  if (path == "/_ping" && (request.method == "GET" || request.method == "HEAD")) return ping();
  if (request.method == "GET" && path == "/info") {
    return http::json(renderInfo(viewOf(registry_), options_.version));
  }
  if (request.method == "GET" && path == "/version") {
    return http::json(renderVersion(viewOf(registry_), options_.version));
  }
  return dockerError(501, request.method + " " + std::string(path) +
                              " is not served by this cluster yet: only /info and /version are");
}

}  // namespace cluster_lab::scheduler

#include "registry/api.hpp"

namespace cluster_lab::registry {
namespace {

constexpr const char* kOwn = "/cluster/v1/status";
constexpr const char* kOfNode = "/cluster/v1/status/*";
/// A page waits for it.
constexpr std::chrono::seconds kAnswerTime{2};

http::Response own(const Api& api) {
  if (api.options.statusJson) return http::json(api.options.statusJson());
  return http::text(503, "this node cannot tell its status yet");
}

/// What that node answers itself: who sees this node's page need not reach the cluster link.
http::Response askNode(Api& api, const NodeRegistration& node) {
  auto answer = api.nodes.request({.host = node.address.toString(),
                                   .port = api.options.port,
                                   .socketPath = {},
                                   .answerTimeout = kAnswerTime},
                                  "GET", kOwn);
  if (!answer) return http::text(502, node.name + " does not answer: " + answer.error().text());
  answer->headers.clear();
  return *std::move(answer);
}

http::Response ofNode(Api& api, const http::Request& request) {
  const std::string name(http::starOf(kOfNode, request.path));
  const auto node = api.core.read([&](const Core::View& view) {
    const auto* stored = view.state.findNode(name);
    return stored == nullptr ? std::nullopt : std::optional(stored->row);
  });
  // What a client has registered may be at any address: not ours to ask.
  if (!node || node->external) return http::text(404, "no node of this cluster is called " + name);
  return node->id == api.options.self ? own(api) : askNode(api, *node);
}

}  // namespace

void addNodeStatusRoutes(http::Router& router, Api& api) {
  addEndpoint(router, kOwn, {{"GET", [&api](const http::Request&) { return own(api); }}});
  addGet(router, api, kOfNode, ofNode);
}

}  // namespace cluster_lab::registry

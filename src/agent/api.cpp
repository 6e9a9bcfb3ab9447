#include "agent/api.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "registry/api.hpp"
#include "registry/api_write.hpp"
#include "registry/state.hpp"

namespace cluster_lab::agent {
namespace {

/// strconv.ParseBool
constexpr std::array<std::string_view, 6> kTrue = {"1", "t", "T", "TRUE", "true", "True"};
constexpr std::array<std::string_view, 6> kFalse = {"0", "f", "F", "FALSE", "false", "False"};

int statusOf(ErrorCode code) {
  if (code == ErrorCode::InvalidArgument) return 400;
  return code == ErrorCode::NotFound ? 404 : 500;
}

}  // namespace

void addRoutes(http::Router& router, Api& api) {
  addServiceRoutes(router, api);
  addCheckRoutes(router, api);
  addHealthRoutes(router, api);
  addNodeRoutes(router, api);
  addMetricsRoutes(router, api);
  addMonitorRoutes(router, api);
}

void addGet(http::Router& router, Api& api, const std::string& pattern, Answer answer) {
  registry::addEndpoint(
      router, pattern,
      {{"GET", [&api, answer](const http::Request& request) { return answer(api, request); }}});
}

void addPut(http::Router& router, Api& api, const std::string& pattern, Answer answer) {
  registry::addEndpoint(router, pattern,
                        {{"PUT", [&api, answer](const http::Request& request) {
                            auto refusal = registry::refuseClient(
                                request, api.options.clusterNetwork, api.options.lanWrites);
                            return refusal ? *std::move(refusal) : answer(api, request);
                          }}});
}

http::Response answerOf(const Result<void>& done) {
  if (!done) return errorResponse(done.error());
  http::Response response;
  response.contentType.clear();
  return response;
}

http::Response errorResponse(const Error& error) {
  return http::text(statusOf(error.code), error.text());
}

std::string nodeName(const Api& api) {
  auto name = api.options.selfName;
  api.registry.read([&](const registry::State& state) {
    if (const auto* node = state.findNode(api.options.self)) name = node->row.name;
  });
  return name;
}

Result<bool> enableOf(const http::Request& request) {
  const auto text = request.parameter("enable").value_or("");
  if (text.empty()) return fail(ErrorCode::InvalidArgument, "Missing value for enable");
  if (std::ranges::find(kTrue, text) != kTrue.end()) return true;
  if (std::ranges::find(kFalse, text) != kFalse.end()) return false;
  return fail(ErrorCode::InvalidArgument, "Invalid value for enable: \"" + text + "\"");
}

}  // namespace cluster_lab::agent

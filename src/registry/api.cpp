#include "registry/api.hpp"

#include <algorithm>
#include <array>

namespace cluster_lab::registry {
namespace {

constexpr std::array kMethods = {"GET", "PUT", "DELETE", "POST", "HEAD", "PATCH"};

/// Consul names the methods without blanks, OPTIONS first.
http::Handler refuseMethod(const std::string& allow) {
  return [allow](const http::Request& request) {
    auto response = http::text(405, "method " + request.method + " not allowed");
    response.headers.emplace_back("Allow", allow);
    return response;
  };
}

http::Handler tellMethods(const std::string& allow) {
  return [allow](const http::Request&) {
    return http::Response{
        .status = 200, .contentType = {}, .body = {}, .headers = {{"Allow", allow}}};
  };
}

}  // namespace

std::string nameOfSelf(const Api& api) {
  return api.core.read([&](const Core::View& view) {
    const auto* self = view.state.findNode(api.options.self);
    return self == nullptr ? api.options.selfName : self->row.name;
  });
}

void addEndpoint(http::Router& router, const std::string& pattern, Handlers handlers) {
  std::string allow = "OPTIONS";
  for (const auto& [method, handler] : handlers) allow += "," + method;
  for (const std::string method : kMethods) {
    const auto own = std::ranges::find(handlers, method, &Handlers::value_type::first);
    router.add(method, pattern, own == handlers.end() ? refuseMethod(allow) : own->second);
  }
  router.add("OPTIONS", pattern, tellMethods(allow));
}

void addGet(http::Router& router, Api& api, const std::string& pattern, Answer answer) {
  addEndpoint(
      router, pattern,
      {{"GET", [&api, answer](const http::Request& request) { return answer(api, request); }}});
}

void addPut(http::Router& router, Api& api, const std::string& pattern, Answer answer) {
  addEndpoint(
      router, pattern,
      {{"PUT", [&api, answer](const http::Request& request) { return answer(api, request); }}});
}

}  // namespace cluster_lab::registry

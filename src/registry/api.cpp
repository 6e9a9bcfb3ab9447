#include "registry/api.hpp"

namespace cluster_lab::registry {

void addEndpoint(http::Router& router, const std::string& pattern,
                 std::vector<std::pair<std::string, http::Handler>> handlers) {
  std::string allow = "OPTIONS";
  for (auto& [method, handler] : handlers) {
    allow += "," + method;
    router.add(method, pattern, std::move(handler));
  }
  router.add("OPTIONS", pattern, [allow](const http::Request&) {
    return http::Response{.contentType = {}, .body = {}, .headers = {{"Allow", allow}}};
  });
}

}  // namespace cluster_lab::registry

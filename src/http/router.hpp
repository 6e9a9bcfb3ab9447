#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/server.hpp"

namespace cluster_lab::http {

/// Chooses the handler by method and path. Not changed after the server has started.
class Router {
 public:
  /// `pattern`: "/v1/status/leader", or "/v1/kv/*" where the star stands for any rest, also an
  /// empty one and one with slashes. The longest pattern that fits wins.
  void add(std::string method, std::string pattern, Handler handler);
  /// 404 for an unknown path, 405 with Allow for a known one with another method.
  [[nodiscard]] Response route(const Request& request) const;

 private:
  struct Route {
    std::string method;
    std::string pattern;
    Handler handler;
  };
  std::vector<Route> routes_;
};

/// What the star of `pattern` stood for.
[[nodiscard]] std::string_view starOf(std::string_view pattern, std::string_view path);

}  // namespace cluster_lab::http

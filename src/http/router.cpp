#include "http/router.hpp"

#include <set>
#include <utility>

namespace cluster_lab::http {
namespace {

bool hasStar(std::string_view pattern) {
  return pattern.ends_with('*');
}

std::string_view withoutStar(std::string_view pattern) {
  if (hasStar(pattern)) pattern.remove_suffix(1);
  return pattern;
}

bool fits(std::string_view pattern, std::string_view path) {
  return hasStar(pattern) ? path.starts_with(withoutStar(pattern)) : path == pattern;
}

/// Longer is better; of the same length the one without a star.
bool isBetter(std::string_view pattern, std::string_view than) {
  return pattern.size() != than.size() ? pattern.size() > than.size()
                                       : hasStar(than) && !hasStar(pattern);
}

Response notAllowed(const std::set<std::string>& methods) {
  std::string allow;
  for (const auto& method : methods) allow += (allow.empty() ? "" : ", ") + method;
  auto response = text(405, "method not allowed, allowed here: " + allow + "\n");
  response.headers.emplace_back("Allow", allow);
  return response;
}

}  // namespace

void Router::add(std::string method, std::string pattern, Handler handler) {
  routes_.push_back({std::move(method), std::move(pattern), std::move(handler)});
}

Response Router::route(const Request& request) const {
  const Route* best = nullptr;
  for (const auto& candidate : routes_) {
    if (fits(candidate.pattern, request.path) &&
        (best == nullptr || isBetter(candidate.pattern, best->pattern)))
      best = &candidate;
  }
  if (best == nullptr) return text(404, "no such path: " + request.path + "\n");
  std::set<std::string> methods;
  for (const auto& candidate : routes_) {
    if (candidate.pattern != best->pattern) continue;
    if (candidate.method == request.method) return candidate.handler(request);
    methods.insert(candidate.method);
  }
  return notAllowed(methods);
}

std::string_view starOf(std::string_view pattern, std::string_view path) {
  return fits(pattern, path) ? path.substr(withoutStar(pattern).size()) : std::string_view();
}

}  // namespace cluster_lab::http

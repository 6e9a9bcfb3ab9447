#include "http/message.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace cluster_lab::http {

std::optional<std::string> Request::header(std::string_view name) const {
  const auto wanted = toLower(name);
  const auto found = std::ranges::find_if(
      headers, [&wanted](const auto& field) { return toLower(field.first) == wanted; });
  if (found == headers.end()) return std::nullopt;
  return found->second;
}

std::optional<std::string> Request::parameter(const std::string& name) const {
  const auto first = query.lower_bound(name);
  if (first == query.end() || first->first != name) return std::nullopt;
  return first->second;
}

Response text(int status, std::string body) {
  return {status, "text/plain; charset=utf-8", std::move(body), {}};
}

Response json(std::string body) {
  return {200, "application/json", std::move(body), {}};
}

}  // namespace cluster_lab::http

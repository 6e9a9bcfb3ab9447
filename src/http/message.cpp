#include "http/message.hpp"

#include <algorithm>
#include <utility>

namespace cluster_lab::http {

namespace {

/// ASCII only, as header names are.
bool sameName(std::string_view one, std::string_view other) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::ranges::equal(one, other, {}, lower, lower);
}

}  // namespace

std::optional<std::string> Request::header(std::string_view name) const {
  const auto found = std::ranges::find_if(
      headers, [name](const auto& field) { return sameName(field.first, name); });
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

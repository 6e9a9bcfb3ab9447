#include "registry/api_list.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "registry/consul_json.hpp"

namespace cluster_lab::registry {

ElementFilter::ElementFilter(const http::Request& request) {
  const auto expression = request.parameter("filter").value_or("");
  if (expression.empty()) return;
  auto filter = Filter::parse(expression);
  if (filter) {
    filter_ = *std::move(filter);
  } else {
    error_ = filter.error().message;
  }
}

bool ElementFilter::fits(const std::function<void(JsonWriter&)>& write) {
  if (!error_.empty()) return false;
  if (!filter_) return true;
  JsonWriter element;
  write(element);
  const auto matches = filter_->matches(element.finish());
  if (!matches) error_ = matches.error().message;
  return matches.value_or(false);
}

http::Response ElementFilter::orRefusal(http::Response answer) const {
  return error_.empty() ? std::move(answer) : http::text(500, error_);
}

ListAnswer::ListAnswer(const http::Request& request)
    : json_(request.has("pretty")), filter_(request) {
  json_.beginArray();
}

http::Response ListAnswer::finish() {
  return filter_.orRefusal(http::json(json_.endArray().finish()));
}

MetaFilter::MetaFilter(const http::Request& request) {
  const auto [first, last] = request.query.equal_range("node-meta");
  for (auto parameter = first; parameter != last; ++parameter) {
    const auto& text = parameter->second;
    const auto colon = text.find(':');
    wanted_.emplace_back(text.substr(0, colon),
                         colon == std::string::npos ? "" : text.substr(colon + 1));
  }
}

bool MetaFilter::fits(const NodeRegistration& node) const {
  if (wanted_.empty()) return true;
  const auto meta = consul::metaOf(node);
  return std::ranges::all_of(wanted_, [&](const auto& wanted) {
    const auto found = meta.find(wanted.first);
    return found != meta.end() && found->second == wanted.second;
  });
}

std::vector<std::string> tagsOf(const http::Request& request) {
  std::vector<std::string> tags;
  const auto [first, last] = request.query.equal_range("tag");
  for (auto parameter = first; parameter != last; ++parameter) {
    if (!parameter->second.empty()) tags.push_back(toLower(parameter->second));
  }
  return tags;
}

bool hasTags(const Service& service, const std::vector<std::string>& tags) {
  return std::ranges::all_of(tags, [&](const std::string& wanted) {
    return std::ranges::any_of(service.tags,
                               [&](const std::string& tag) { return toLower(tag) == wanted; });
  });
}

}  // namespace cluster_lab::registry

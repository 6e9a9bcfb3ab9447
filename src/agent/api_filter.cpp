#include "agent/api_filter.hpp"

#include <utility>

namespace cluster_lab::agent {

Result<ElementFilter> ElementFilter::of(const http::Request& request) {
  ElementFilter made;
  const auto text = request.parameter("filter").value_or("");
  if (text.empty()) return made;
  auto filter = registry::Filter::parse(text);
  if (!filter) return fail(filter.error());
  made.filter_ = *std::move(filter);
  return made;
}

Result<void> ElementFilter::write(registry::JsonWriter& json, const std::string& key,
                                  const std::function<void(registry::JsonWriter&)>& element) const {
  if (filter_) {
    registry::JsonWriter compact;
    element(compact);
    const auto fits = filter_->matches(compact.finish());
    if (!fits) return fail(fits.error());
    if (!*fits) return {};
  }
  json.key(key);
  element(json);
  return {};
}

}  // namespace cluster_lab::agent

#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "http/message.hpp"
#include "registry/filter.hpp"
#include "registry/json_writer.hpp"

namespace cluster_lab::agent {

/// ?filter on the members of an answer that is an object.
class ElementFilter {
 public:
  /// InvalidArgument: it cannot be read.
  [[nodiscard]] static Result<ElementFilter> of(const http::Request& request);

  /// Writes the element as the member `key` if it fits. InvalidArgument: it has not what the filter
  /// asks for.
  [[nodiscard]] Result<void> write(registry::JsonWriter& json, const std::string& key,
                                   const std::function<void(registry::JsonWriter&)>& element) const;

 private:
  std::optional<registry::Filter> filter_;
};

}  // namespace cluster_lab::agent

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace cluster_lab::http {

/// The path without empty, "." and ".." segments, as Go's http.ServeMux wants it; a slash at the
/// end stays. `path` begins with a slash.
[[nodiscard]] std::string cleanPath(std::string_view path);

/// Go's answer (301) to a request whose path is not clean, which Consul's clients know. nullopt: it
/// is, or is no path. `target` is the request's as it came, `path` the decoded path of it.
[[nodiscard]] std::optional<Response> redirectToClean(std::string_view method,
                                                      std::string_view target,
                                                      std::string_view path);

}  // namespace cluster_lab::http

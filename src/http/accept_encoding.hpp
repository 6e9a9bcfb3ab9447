#pragma once

#include <string_view>

namespace cluster_lab::http {

/// Does an Accept-Encoding header (RFC 9110 section 12.5.3) name gzip? A star alone is not enough,
/// as in Consul.
[[nodiscard]] bool acceptsGzip(std::string_view header);

}  // namespace cluster_lab::http

#pragma once

#include <string>
#include <string_view>

#include "http/message.hpp"

namespace cluster_lab::http {

/// The head of a response with its empty line. Headers that would break it are left out.
[[nodiscard]] std::string renderHead(const Response& response, bool keepAlive);

/// The head of a request with its empty line.
[[nodiscard]] std::string renderHead(const Request& request, std::string_view target,
                                     std::string_view host);

}  // namespace cluster_lab::http

#pragma once

#include <string>

#include "http/message.hpp"

namespace cluster_lab::http {

/// The bytes of an answer after which the connection is closed: for requests that were not read to
/// their end.
[[nodiscard]] std::string finalAnswer(const Response& response);

}  // namespace cluster_lab::http

#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace cluster_lab::registry {

/// PUT /v1/session/create as the client asks for it, with Consul's defaults.
struct SessionRequest {
  std::string name;
  std::string node;  ///< by name
  std::vector<std::string> checks;
  std::vector<std::string> nodeChecks;
  std::vector<std::string> serviceChecks;
  std::chrono::nanoseconds lockDelay{std::chrono::seconds(15)};
  std::string behavior = "release";
  std::string ttl;
};

/// Reads the body, which may be empty; `node` is whose session it is where the body does not say.
/// InvalidArgument: what Consul says of such a body.
[[nodiscard]] Result<SessionRequest> sessionRequestFrom(std::string_view body,
                                                        const std::string& node);

}  // namespace cluster_lab::registry

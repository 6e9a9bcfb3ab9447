#pragma once

#include "agent/definitions.hpp"
#include "base/error.hpp"

/// What Consul refuses to register, in its words (api-docs/agent). InvalidArgument.
namespace cluster_lab::agent {

/// Name, address, meta and weights.
[[nodiscard]] Result<void> checkService(const ServiceDefinition& service);
/// What a check of that kind must and must not have.
[[nodiscard]] Result<void> checkCheck(const CheckDefinition& check);

/// What Consul adds by itself: an id where there is none, tagged addresses where the address is an
/// IP.
void complete(ServiceDefinition& service);

}  // namespace cluster_lab::agent

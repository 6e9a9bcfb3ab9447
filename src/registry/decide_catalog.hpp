#pragma once

#include "registry/catalog_request.hpp"
#include "registry/decide.hpp"

namespace cluster_lab::registry::decide {

/// PUT /v1/catalog/register. A node that is no member is made or updated; a member's own row is its
/// agent's and stays as it is. InvalidArgument, in Consul's words: something is missing or does not
/// fit together.
[[nodiscard]] Result<Decision<bool>> registerEntity(const State& state,
                                                    const CatalogRegistration& wanted);
/// PUT /v1/catalog/deregister: a service, a check, or the node with all that is on it. What is not
/// there is no error.
[[nodiscard]] Result<Decision<bool>> deregisterEntity(const State& state,
                                                      const CatalogDeregistration& wanted);

}  // namespace cluster_lab::registry::decide

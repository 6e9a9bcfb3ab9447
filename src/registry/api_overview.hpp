#pragma once

#include "http/router.hpp"

namespace cluster_lab::registry {

struct Api;

/// What the page shows at a glance, in one answer each: /v1/internal/ui/services, as Consul's own
/// page has it, and /cluster/v1/locks.
void addOverviewRoutes(http::Router& router, Api& api);

}  // namespace cluster_lab::registry

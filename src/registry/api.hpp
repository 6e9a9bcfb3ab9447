#pragma once

#include <string>
#include <utility>
#include <vector>

#include "http/message.hpp"
#include "http/router.hpp"
#include "registry/core.hpp"
#include "registry/registry.hpp"

/// The endpoints of :8500, a file per subject. Handlers run on the server's threads.
namespace cluster_lab::registry {

/// What every endpoint needs; outlives the router.
struct Api {
  Core& core;
  const Registry::Options& options;
};

void addStatusRoutes(http::Router& router, Api& api);   // /v1/status
void addCatalogRoutes(http::Router& router, Api& api);  // /v1/catalog
void addAgentRoutes(http::Router& router, Api& api);    // /v1/agent
void addHealthRoutes(http::Router& router, Api& api);   // /v1/health
void addKvRoutes(http::Router& router, Api& api);       // /v1/kv
void addClusterRoutes(http::Router& router, Api& api);  // /cluster/v1: status, nodes
void addStreamRoutes(http::Router& router, Api& api);   // /cluster/v1/registry: for other nodes
void addPageRoutes(http::Router& router, Api& api);     // /ui/

/// By method.
using Handlers = std::vector<std::pair<std::string, http::Handler>>;

/// Adds the handlers of one path; OPTIONS and the other methods are answered as Consul does.
void addEndpoint(http::Router& router, const std::string& pattern, Handlers handlers);

}  // namespace cluster_lab::registry

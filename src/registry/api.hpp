#pragma once

#include <atomic>
#include <string>
#include <utility>
#include <vector>

#include "http/client_pool.hpp"
#include "http/message.hpp"
#include "http/router.hpp"
#include "registry/core.hpp"
#include "registry/registry.hpp"

/// The endpoints of :8500, a file per subject. Handlers run on the server's threads.
namespace cluster_lab::registry {

class LostFiles;
class LostKeeper;
class SessionKeeper;

/// What every endpoint needs; outlives the router.
struct Api {
  Core& core;
  const Registry::Options& options;
  SessionKeeper& sessions;
  LostFiles& lost;
  LostKeeper& lostKeeper;
  std::atomic<unsigned> waiting = 0;  ///< requests that wait, see WaitingPlace
  http::ClientPool leader{};          ///< what answerWrite() hands on goes over it
  http::ClientPool nodes{};           ///< what any node is asked for its status
};

void addStatusRoutes(http::Router& router, Api& api);       // /v1/status
void addCatalogRoutes(http::Router& router, Api& api);      // /v1/catalog
void addAgentRoutes(http::Router& router, Api& api);        // /v1/agent
void addHealthRoutes(http::Router& router, Api& api);       // /v1/health
void addMeshRoutes(http::Router& router, Api& api);         // ACL, Connect and the like: told off
void addOperatorRoutes(http::Router& router, Api& api);     // /v1/operator, /v1/coordinate
void addKvRoutes(http::Router& router, Api& api);           // /v1/kv
void addSessionRoutes(http::Router& router, Api& api);      // /v1/session
void addTransactionRoutes(http::Router& router, Api& api);  // /v1/txn
void addEventRoutes(http::Router& router, Api& api);        // /v1/event
void addSnapshotRoutes(http::Router& router, Api& api);     // /v1/snapshot
void addTimelineRoutes(http::Router& router, Api& api);     // /cluster/v1/timeline
void addClusterRoutes(http::Router& router, Api& api);      // /cluster/v1: access, nodes
void addNodeStatusRoutes(http::Router& router, Api& api);   // /cluster/v1/status
void addLostRoutes(http::Router& router, Api& api);         // /cluster/v1/lost
void addStreamRoutes(http::Router& router, Api& api);       // /cluster/v1/registry: for other nodes
void addStorageRoutes(http::Router& router, Api& api);      // /cluster/v1/registry/storage
void addPageRoutes(http::Router& router, Api& api);         // /ui/

/// This node's name, as the registry has it where it does.
[[nodiscard]] std::string nameOfSelf(const Api& api);

/// By method.
using Handlers = std::vector<std::pair<std::string, http::Handler>>;

/// Adds the handlers of one path; OPTIONS and the other methods are answered as Consul does.
void addEndpoint(http::Router& router, const std::string& pattern, Handlers handlers);

/// Answers a request at an endpoint.
using Answer = http::Response (*)(Api&, const http::Request&);
/// An endpoint with one method.
void addGet(http::Router& router, Api& api, const std::string& pattern, Answer answer);
void addPut(http::Router& router, Api& api, const std::string& pattern, Answer answer);

}  // namespace cluster_lab::registry

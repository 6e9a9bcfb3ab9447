#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "agent/service_keeper.hpp"
#include "base/error.hpp"
#include "base/ipv4.hpp"
#include "base/node_id.hpp"
#include "base/time.hpp"
#include "http/message.hpp"

namespace cluster_lab::http {
class Router;
}
namespace cluster_lab::registry {
class Registry;
}

/// The endpoints under /v1/agent: each node answers for itself, changes included. A file per
/// subject. Handlers run on the server's threads. (Who this node is and which are its fellows,
/// agent/self and agent/members, the registry tells.)
namespace cluster_lab::agent {

/// What every endpoint needs; outlives the router.
struct Api {
  struct Options {
    NodeId self;
    std::string selfName;  ///< until the registry gives one
    Ipv4Network clusterNetwork;
    bool lanWrites = false;
    Ipv4 leaderAddress;
    std::uint16_t registryPort = 8500;
  };

  registry::Registry& registry;
  ServiceKeeper& keeper;
  const Options options;
  std::function<void()> stopDaemon;  ///< asks it to leave the cluster and end; any thread
  const TimePoint started = std::chrono::steady_clock::now();
  std::atomic<std::uint64_t> requests = 0;  ///< that the server has answered
};

/// All of them.
void addRoutes(http::Router& router, Api& api);

void addServiceRoutes(http::Router& router, Api& api);  // services, service/...
void addCheckRoutes(http::Router& router, Api& api);    // checks, check/...
void addHealthRoutes(http::Router& router, Api& api);   // health/service/...
void addNodeRoutes(http::Router& router, Api& api);     // maintenance, join, leave, host, ...
void addMetricsRoutes(http::Router& router, Api& api);  // metrics
void addMonitorRoutes(http::Router& router, Api& api);  // monitor

/// An endpoint with one method.
using Answer = http::Response (*)(Api&, const http::Request&);
void addGet(http::Router& router, Api& api, const std::string& pattern, Answer answer);
/// For who may write here only; others get 403.
void addPut(http::Router& router, Api& api, const std::string& pattern, Answer answer);

/// Consul's answer to a change: 200 without a body, or the error.
[[nodiscard]] http::Response answerOf(const Result<void>& done);
[[nodiscard]] http::Response errorResponse(const Error& error);
/// What the registry calls this node.
[[nodiscard]] std::string nodeName(const Api& api);
/// Reads ?enable as Go does.
[[nodiscard]] Result<bool> enableOf(const http::Request& request);

}  // namespace cluster_lab::agent

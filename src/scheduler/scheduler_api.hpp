#pragma once

#include <string>
#include <string_view>

#include "base/ipv4.hpp"
#include "http/message.hpp"

namespace cluster_lab::http {
class Router;
}
namespace cluster_lab::registry {
class Registry;
}

namespace cluster_lab::scheduler {

/// What :2378 serves on the leader (docs/scheduler.md): the registration of nodes, and Docker's API
/// for the whole cluster. Everything is refused to who is neither on the cluster link nor on this
/// machine. Handlers run on any thread.
class SchedulerApi {
 public:
  struct Options {
    Ipv4Network clusterNetwork;
    std::string version;  ///< of Cluster Lab
  };

  SchedulerApi(registry::Registry& registry, Options options);
  /// The routes live no longer than this object.
  void addRoutes(http::Router& router);

 private:
  using Answer = http::Response (SchedulerApi::*)(const http::Request&) const;

  void add(http::Router& router, const char* method, const char* pattern, Answer answer);
  [[nodiscard]] http::Response registerNode(const http::Request& request) const;
  [[nodiscard]] http::Response listNodes(const http::Request& request) const;
  [[nodiscard]] http::Response showNode(const http::Request& request) const;
  [[nodiscard]] http::Response removeNode(const http::Request& request) const;
  [[nodiscard]] http::Response docker(const http::Request& request) const;
  [[nodiscard]] http::Response dockerCall(const http::Request& request,
                                          std::string_view path) const;

  registry::Registry& registry_;
  const Options options_;
};

}  // namespace cluster_lab::scheduler

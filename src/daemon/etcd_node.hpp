#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "base/ipv4.hpp"
#include "base/node_id.hpp"
#include "registry/storage_duties.hpp"

namespace cluster_lab::etcd {
class Client;
}
namespace cluster_lab::os {
class EventLoop;
}
namespace cluster_lab::registry {
class Registry;
}

namespace cluster_lab::daemon {

/// This node's part in a registry that is kept in etcd: its server where the nodes have agreed on
/// it, and etcd's members while this node leads. Where they have agreed on nothing yet, that is
/// wanted, and all nodes are there, the leader founds an etcd and moves the registry there. Loop
/// thread only; what asks etcd runs on a thread of its own.
class EtcdNode {
 public:
  struct Options {
    NodeId self;
    std::filesystem::path directory;  ///< of the server's data
    std::string clusterId;
    bool wanted = false;   ///< that a registry of which nothing is agreed moves to etcd
    unsigned members = 3;  ///< 1, 3 or 5
    std::chrono::seconds replaceAfter{300};
  };
  struct Events {
    std::function<void(const std::string& code, const Error&)> problem;
    std::function<void(const std::string& code)> solved;
  };

  /// `asked`: the authority's client, which hears of new members.
  EtcdNode(os::EventLoop& loop, registry::Registry& registry, etcd::Client& asked,
           const Options& options, Events events);
  ~EtcdNode();
  EtcdNode(const EtcdNode&) = delete;
  EtcdNode& operator=(const EtcdNode&) = delete;

  /// This node's own address; none: it has none.
  void setAddress(Ipv4 address);
  /// The registry leads here now. Again: nothing happens.
  void lead();
  void endLeading();

  /// What :8500 offers of it. To be called on any other thread than the loop's, while it runs.
  [[nodiscard]] registry::StorageDuties duties();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace cluster_lab::daemon

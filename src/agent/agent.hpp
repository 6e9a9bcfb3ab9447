#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "base/ipv4.hpp"
#include "base/mac_address.hpp"
#include "base/node_id.hpp"
#include "base/time.hpp"
#include "registry/records.hpp"

namespace cluster_lab::os {
class EventLoop;
}
namespace cluster_lab::registry {
class Registry;
}

namespace cluster_lab::agent {

class ServiceKeeper;

/// This node in the registry and, where it leads, the other nodes' health. Calls and events belong
/// to the loop thread and do not wait; what blocks runs on a thread of the agent's own.
class Agent {
 public:
  struct Options {
    registry::NodeRegistration self;  ///< role and address are filled in by lead() and join()
    Ipv4 leaderAddress;
    std::uint16_t registryPort = 8500;
    Duration nodeTimeout = std::chrono::seconds(2);  ///< silent that long: critical
    Duration forgetAfter = std::chrono::hours(72);   ///< silent that long: forgotten; zero: never
  };
  struct Events {
    /// The registry writes here now, and this node is in it.
    std::function<void()> leading;
    std::function<void(const Error&)> leadFailed;
    /// This node is registered with the leader and its copy has caught up.
    std::function<void()> joined;
    /// Joining takes long, and why; it goes on.
    std::function<void(const Error&)> joinWaits = [](const Error&) {};
    std::function<void(const Error&)> joinFailed;
  };

  /// Tells `services` when there is a leader, and when it may know nothing of them.
  Agent(os::EventLoop& loop, registry::Registry& registry, ServiceKeeper& services, Options options,
        Events events);
  /// Waits for a running call (at most its time limit).
  ~Agent();
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;

  /// Ends in leading() or leadFailed(), unless another of these calls comes first. `why` is told in
  /// the time line.
  void lead(std::uint64_t term, Ipv4 nodeAddress, const std::string& why);
  /// Ends in joined() or joinFailed(), likewise.
  void join(Ipv4 nodeAddress);
  /// No leader is known.
  void wander();
  /// Takes this node out of the registry (a proper stop). Blocks until that is done, at most
  /// `longest`; then the others find out by its silence.
  void leave(std::chrono::milliseconds longest);

  /// Of the cluster link; goes into this node's next registration.
  void setLinkMac(MacAddress mac);
  /// Carries out a change of the registry off the loop thread, after all that was asked before,
  /// while this node leads; what fails is logged with `doing`.
  void commit(std::string doing, std::function<Result<void>()> change);

  /// The loop heard a heartbeat of that node, or that it leaves. Matters where this node leads, or
  /// will.
  void heard(const NodeId& node);
  void left(const NodeId& node);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace cluster_lab::agent

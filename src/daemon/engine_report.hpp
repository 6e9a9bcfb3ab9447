#pragma once

#include <memory>

#include "config/settings.hpp"
#include "registry/records.hpp"

namespace cluster_lab::registry {
class Registry;
}

namespace cluster_lab::daemon {

/// Tells the scheduler endpoint what this node and its Docker Engine are: at once when there is a
/// leader, then every 30 s where something changed. A thread of its own, since an engine may take
/// its time. Any thread may call.
class EngineReport {
 public:
  EngineReport(registry::Registry& registry, const config::Settings& settings,
               const registry::NodeRegistration& self);
  /// As stop().
  ~EngineReport();
  EngineReport(const EngineReport&) = delete;
  EngineReport& operator=(const EngineReport&) = delete;

  /// This node leads and has this address: its facts go into the registry here.
  void lead(Ipv4 nodeAddress);
  /// This node follows: its facts go to the leader.
  void follow(Ipv4 nodeAddress);
  /// No leader: nothing is told.
  void pause();
  /// Waits for a running call.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cluster_lab::daemon

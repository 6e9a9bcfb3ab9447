#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "base/ipv4.hpp"
#include "config/settings.hpp"
#include "election/timing.hpp"

namespace cluster_lab::os {
class EventLoop;
struct LinkInfo;
}  // namespace cluster_lab::os

namespace cluster_lab::daemon {

class NodeAddress;

/// How a node that found a leader comes by its node address: by DHCP, and where nobody answers by
/// claiming the one it had last (probed first), so that a cold start never depends on a DHCP
/// server. Loop thread only.
class Membership {
 public:
  struct Events {
    /// The node has this address now; told again when it changes.
    std::function<void(Ipv4)> addressed;
    std::function<void(const std::string& code, const Error&)> problem;
    std::function<void(const std::string& code)> solved;
  };

  Membership(os::EventLoop& loop, const config::Settings& settings, election::Timing timing,
             std::string hostName, NodeAddress& address, Events events);
  ~Membership();
  Membership(const Membership&) = delete;
  Membership& operator=(const Membership&) = delete;

  /// A leader is known on this link. Started already: keeps going; an address that the node still
  /// has is told at once.
  void start(const os::LinkInfo& link);
  /// No leader, or this node leads. The address stays.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cluster_lab::daemon

#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "base/ipv4.hpp"
#include "base/mac_address.hpp"
#include "config/settings.hpp"

namespace cluster_lab::os {
class EventLoop;
}
namespace cluster_lab::registry {
class Registry;
}

namespace cluster_lab::daemon {

/// What runs only while this node leads: the DHCP server and the scheduler endpoint. Made when the
/// node takes the lead, destroyed when it gives it up. Loop thread only.
class Leadership {
 public:
  struct Events {
    /// Carries out a change of the registry off the loop thread, in the order told.
    std::function<void(std::string doing, std::function<Result<void>()> change)> commit;
    std::function<void(const std::string& code, const Error&)> problem;
    std::function<void(const std::string& code)> solved;
  };

  Leadership(os::EventLoop& loop, registry::Registry& registry, const config::Settings& settings,
             Events events);
  ~Leadership();
  Leadership(const Leadership&) = delete;
  Leadership& operator=(const Leadership&) = delete;

  /// Starts the DHCP server, and gives this node its own lease: the address it had, else `wanted`
  /// where that is free, else another.
  [[nodiscard]] Result<Ipv4> serveAddresses(MacAddress mac, Ipv4 wanted, const std::string& name);
  /// The registry leads now: keeps the leases in it and opens the scheduler endpoint. What cannot
  /// be had is told as a problem. Again: nothing happens.
  void open();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cluster_lab::daemon

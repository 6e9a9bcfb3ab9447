#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "config/settings.hpp"
#include "os/netlink.hpp"

namespace cluster_lab::os {
class EventLoop;
}

namespace cluster_lab::link {

/// Makes the cluster link and keeps it: waits for its parent, switches both on, makes the link
/// again when it was deleted or the parent came back as another interface. Lives on netlink events,
/// polls nothing. Loop thread only; no call blocks longer than the kernel needs to acknowledge.
class ClusterLink {
 public:
  /// Called on the loop thread, never from within start() or stop(). They may call stop(), but not
  /// destroy the object.
  struct Events {
    /// The link can carry frames. Again, after down(), with another index or MAC when it was made
    /// anew.
    std::function<void(const os::LinkInfo&)> up;
    /// It cannot any more. The reason follows as a problem. Only after up().
    std::function<void()> down;
    /// Why there is no link: `state` is link_missing, no_carrier, link_differs, no_permission,
    /// unsupported_link or link_failed. Once each time the reason changes; up() ends it.
    std::function<void(const std::string& state, const Error&)> problem;
  };

  ClusterLink(os::EventLoop& loop, os::Netlink& netlink, const config::Settings::Link& settings,
              Events events);
  /// Leaves the link as it is, unlike stop().
  ~ClusterLink();
  ClusterLink(const ClusterLink&) = delete;
  ClusterLink& operator=(const ClusterLink&) = delete;

  /// Begins. Fails only where the kernel's events cannot be listened to.
  [[nodiscard]] Result<void> start();
  /// Removes the link if this object made it, and tells nobody. start() may follow.
  void stop();
  /// The link as told by the last up(); nullopt while it is down.
  [[nodiscard]] std::optional<os::LinkInfo> info() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cluster_lab::link

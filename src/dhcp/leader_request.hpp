#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "dhcp/dhcp_client.hpp"

namespace cluster_lab::dhcp {

/// Asks the leader for an address and is deaf to every other DHCP server. udhcpc takes the first
/// offer that comes, so where another server is quicker it never gets the leader's; this takes its
/// place then. It does not renew: a leader keeps the leases of its nodes. Loop thread only.
class LeaderRequest {
 public:
  /// It may be destroyed in them.
  struct Events {
    std::function<void(const Bound&)> bound;  ///< once; it is silent afterwards
    std::function<void()> noAnswer;           ///< each 3 s without an offer of the leader's
  };

  [[nodiscard]] static Result<std::unique_ptr<LeaderRequest>> start(os::EventLoop& loop,
                                                                    const ClientSettings& settings,
                                                                    const std::string& linkName,
                                                                    std::optional<Ipv4> wanted,
                                                                    Events events);
  virtual ~LeaderRequest() = default;
};

}  // namespace cluster_lab::dhcp

#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "base/error.hpp"
#include "base/ipv4.hpp"
#include "base/mac_address.hpp"
#include "election/timing.hpp"

namespace cluster_lab::os {
class EventLoop;
struct LinkInfo;
}  // namespace cluster_lab::os

namespace cluster_lab::election {

/// Asks the cluster link once whether an address is free (RFC 5227 section 2.1.1), before this node
/// sets it as its own. Destroying it ends the asking. Loop thread only.
class AddressCheck {
 public:
  /// Once; `holder`: who has it or is about to take it, nullopt: it is free. The object may be
  /// destroyed in it.
  using Answer = std::function<void(std::optional<MacAddress> holder)>;

  /// The answer comes 0.6 s later with the default timing, sooner when the address is taken.
  [[nodiscard]] static Result<std::unique_ptr<AddressCheck>> start(os::EventLoop& loop,
                                                                   const os::LinkInfo& link,
                                                                   Ipv4 address,
                                                                   const Timing& timing,
                                                                   Answer answer);
  virtual ~AddressCheck() = default;
};

}  // namespace cluster_lab::election

#pragma once

#include <string>

#include "base/error.hpp"
#include "base/ipv4.hpp"
#include "base/mac_address.hpp"

namespace cluster_lab::lab {

/// The lab's switch: a bridge in a network namespace of its own, so that this machine's packet
/// filter never sees the frames, with a port to this machine. Calls block.
class LabSwitch {
 public:
  explicit LabSwitch(const std::string& lab);

  [[nodiscard]] Result<void> build(const Ipv4Network& lan);
  /// A cable from a new port to a new eth0 in the network namespace of process `pid`.
  [[nodiscard]] Result<void> connect(const std::string& port, int pid, MacAddress mac);
  /// Down: both ends lose their carrier.
  [[nodiscard]] Result<void> setPort(const std::string& port, bool up);
  /// No such port: success.
  [[nodiscard]] Result<void> removePort(const std::string& port);
  /// Nothing there: success.
  [[nodiscard]] Result<void> remove();

 private:
  std::string name_;
};

}  // namespace cluster_lab::lab

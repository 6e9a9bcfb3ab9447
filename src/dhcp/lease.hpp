#pragma once

#include <string>

#include "base/ipv4.hpp"
#include "base/mac_address.hpp"

namespace cluster_lab::dhcp {

/// Which card has which address. The MAC identifies: cloned SD cards share every other identity.
struct Lease {
  MacAddress mac;
  Ipv4 address;
  std::string hostName;  ///< as the client said it; may be empty

  bool operator==(const Lease&) const = default;
};

}  // namespace cluster_lab::dhcp

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/ipv4.hpp"
#include "base/ipv6.hpp"

namespace cluster_lab::nss {

/// What this node's DNS server says of a name.
struct Host {
  enum class Outcome {
    Found,
    NoAddress,      ///< the name is there, without an address of the kind asked for
    NoSuchHost,     ///< also for every name that is not below "consul", without asking
    NobodyAnswers,  ///< the server is off, or did not answer in time
  };
  Outcome outcome = Outcome::NoSuchHost;
  std::vector<Ipv4> ipv4;
  std::vector<Ipv6> ipv6;
};

/// Which kinds of addresses are of use.
struct Wanted {
  bool ipv4 = true;
  bool ipv6 = true;
};

/// Asks the DNS server of this machine on that port; takes 1 s at most.
[[nodiscard]] Host lookUp(std::string_view name, Wanted wanted, std::uint16_t port = 8600);

}  // namespace cluster_lab::nss

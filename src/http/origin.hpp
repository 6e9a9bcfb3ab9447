#pragma once

#include "base/ipv4.hpp"
#include "http/message.hpp"

namespace cluster_lab::http {

/// May whoever sent this change something? From the loopback always; else when both ends of the
/// connection are in the cluster's subnet, so that a LAN neighbour cannot get in by setting a
/// route; from anywhere with `lanWrites` (design.md section 8).
[[nodiscard]] bool mayWrite(const Request& request, Ipv4Network cluster, bool lanWrites);

}  // namespace cluster_lab::http

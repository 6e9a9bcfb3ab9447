#include "http/origin.hpp"

namespace cluster_lab::http {
namespace {

/// 127.0.0.0/8, RFC 1122 section 3.2.1.3.
bool isLoopback(Ipv4 address) {
  return (address.hostOrder() >> 24U) == 127;
}

}  // namespace

bool mayWrite(const Request& request, Ipv4Network cluster, bool lanWrites) {
  if (lanWrites || isLoopback(request.peer)) return true;
  return cluster.contains(request.peer) && cluster.contains(request.local);
}

}  // namespace cluster_lab::http

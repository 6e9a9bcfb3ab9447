#include "http/origin.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::http {
namespace {

bool may(const char* peer, const char* local, bool lanWrites = false) {
  Request request;
  if (*peer != '\0') request.peer = *Ipv4::parse(peer);
  request.local = *Ipv4::parse(local);
  return mayWrite(request, *Ipv4Network::parse("192.168.200.0/24"), lanWrites);
}

}  // namespace

TEST_CASE("origin: this machine and the cluster link may write") {
  CHECK(may("127.0.0.1", "127.0.0.1"));
  CHECK(may("127.8.9.1", "127.0.0.1"));
  CHECK(may("192.168.200.101", "192.168.200.1"));
}

TEST_CASE("origin: a LAN neighbour may not, not even with a route to the cluster link") {
  CHECK_FALSE(may("192.168.1.5", "192.168.1.7"));
  CHECK_FALSE(may("192.168.1.5", "192.168.200.1"));
  CHECK_FALSE(may("192.168.200.9", "192.168.1.7"));
  CHECK_FALSE(may("", "192.168.200.1"));
}

TEST_CASE("origin: anybody may where LAN writes are allowed") {
  CHECK(may("192.168.1.5", "192.168.1.7", true));
}

}  // namespace cluster_lab::http

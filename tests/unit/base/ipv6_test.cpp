#include "base/ipv6.hpp"

#include <doctest/doctest.h>

namespace cluster_lab {

TEST_CASE("ipv6: whole addresses, gaps, and IPv4 at the end are read") {
  const Ipv6 six{{0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6}};
  CHECK(Ipv6::parse("fd00::6").value() == six);
  CHECK(Ipv6::parse("FD00:0:0:0:0:0:0:6").value() == six);
  CHECK(Ipv6::parse("::").value() == Ipv6{});
  CHECK(Ipv6::parse("fe80::").value().bytes[0] == 0xfe);
  CHECK(Ipv6::parse("::1").value().bytes[15] == 1);
  CHECK(Ipv6::parse("::ffff:192.168.200.1").value() ==
        Ipv6{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 168, 200, 1}});
}

TEST_CASE("ipv6: what is no address is refused") {
  for (const auto* text : {"", ":", ":::", "1:2", "1::2::3", "1:2:3:4:5:6:7:8:9",
                           "1:2:3:4::5:6:7:8", "12345::", "g::", "192.168.200.1",
                           "1.2.3.4::", "fe80::1%eth0", "::1.2.3", "1:", ":1", "::-1"}) {
    INFO(text);
    CHECK_FALSE(Ipv6::parse(text).has_value());
  }
}

}  // namespace cluster_lab

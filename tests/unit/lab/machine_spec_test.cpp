#include "lab/machine_spec.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::lab {

TEST_CASE("machine spec: goes over the command line unchanged") {
  const MachineSpec spec{.name = "pi1",
                         .directory = "/run/lab/pi1",
                         .address = *Ipv4::parse("198.18.7.1"),
                         .prefixLength = 24,
                         .daemon = {"/usr/sbin/cluster-labd", "--link.kind=vxlan"}};
  CHECK(parseMachineSpec(toArguments(spec)) == spec);
}

TEST_CASE("machine spec: too few or wrong words are refused") {
  CHECK_FALSE(parseMachineSpec({}));
  CHECK_FALSE(parseMachineSpec({"pi1", "/run", "198.18.7.1", "24"}));
  CHECK_FALSE(parseMachineSpec({"pi1", "/run", "198.18.7", "24", "cluster-labd"}));
  CHECK_FALSE(parseMachineSpec({"pi1", "/run", "198.18.7.1", "99", "cluster-labd"}));
}

}  // namespace cluster_lab::lab

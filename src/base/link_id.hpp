#pragma once

#include <compare>
#include <cstdint>

namespace cluster_lab {

/// An 802.1Q VLAN id, 1 to 4094.
struct VlanId {
  std::uint16_t value = 200;
  constexpr auto operator<=>(const VlanId&) const = default;
};

/// A VXLAN network identifier, 1 to 16777215 (RFC 7348 section 5).
struct Vni {
  std::uint32_t value = 200;
  constexpr auto operator<=>(const Vni&) const = default;
};

/// What carries the cluster's own segment (design.md section 4).
enum class LinkKind : std::uint8_t {
  Vlan = 1,   ///< 802.1Q on the parent
  Vxlan = 2,  ///< VXLAN over IPv6 link-local multicast on the parent
  None = 3,   ///< the parent as it is
};

}  // namespace cluster_lab

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ipv4.hpp"
#include "base/mac_address.hpp"

namespace cluster_lab::lab {

/// A lab's name: 1 to 10 lower case letters, digits and inner hyphens, so that an interface named
/// after it fits the 15 characters that the kernel has for one (netdevice(7), IFNAMSIZ).
[[nodiscard]] Result<void> checkLabName(std::string_view name);

/// The switch's network namespace, and this machine's own interface on the lab's LAN.
[[nodiscard]] std::string switchName(std::string_view lab);

/// LANs are /24 networks out of 198.18.0.0/15, which is for tests of networks (RFC 2544 appendix
/// C.2.2) and so is nobody's home network.
inline constexpr unsigned kLanCount = 512;
[[nodiscard]] Ipv4Network lanNumber(unsigned number);
/// A LAN that meets none of `taken`; the same lab gets the same one where it can. nullopt: none
/// left.
[[nodiscard]] std::optional<Ipv4Network> chooseLan(std::string_view lab,
                                                   const std::vector<Ipv4Network>& taken);

inline constexpr unsigned kMostNodes = 250;
/// `index` counts from 1.
[[nodiscard]] std::string nodeName(unsigned index);
[[nodiscard]] Ipv4 nodeLanAddress(const Ipv4Network& lan, unsigned index);
/// This machine's address on the LAN.
[[nodiscard]] Ipv4 hostLanAddress(const Ipv4Network& lan);
/// A locally administered address (IEEE 802 section 8.4) that stays the same over power cuts.
[[nodiscard]] MacAddress nodeMac(const Ipv4Network& lan, unsigned index);

}  // namespace cluster_lab::lab

#pragma once

#include <cstdint>
#include <string>

#include "base/error.hpp"
#include "base/ipv4.hpp"
#include "base/link_id.hpp"
#include "base/mac_address.hpp"
#include "base/node_id.hpp"
#include "base/role.hpp"
#include "wire/bytes.hpp"

namespace cluster_lab::wire {

/// UDP port of the beacon on the parent interface.
inline constexpr std::uint16_t kBeaconPort = 14788;
/// Multicast group of the beacon: link-local scope, transient (RFC 4291 section 2.7).
inline constexpr const char* kBeaconGroup = "ff12::c1ab:1";
/// EtherType of the heartbeat on the cluster link: IEEE 802 Local Experimental EtherType 1. A frame
/// of its own, because it must be heard before a node has an address.
inline constexpr std::uint16_t kHeartbeatEtherType = 0x88B5;
/// The most bytes a beacon may have.
inline constexpr std::size_t kBeaconMaxSize = 500;

/// What a node tells about itself. The same bytes travel in two envelopes: as a *beacon* (UDP
/// multicast on the parent interface, every second) and as a *heartbeat* (Ethernet frame on the
/// cluster link, every 500 ms: the leader's to everybody, a follower's to the leader).
/// docs/beacon.md describes the format byte by byte.
struct Beacon {
  std::string clusterId;  ///< 1 to 63 bytes
  NodeId nodeId;
  std::string name;  ///< 1 to 63 bytes
  Role role = Role::Searching;
  bool wantsAnswer = false;  ///< the sender searches: a leader answers at once
  std::uint64_t term = 0;    ///< how often leadership changed hands, as far as the sender knows
  std::uint64_t registryIndex = 0;  ///< of the last change set in the sender's copy
  LinkKind linkKind = LinkKind::Vlan;
  std::uint32_t linkId = 0;        ///< VLAN id or VNI; 0 for LinkKind::None
  MacAddress linkMac;              ///< of the sender's cluster link
  Ipv4 nodeAddress;                ///< none while it has no address
  Ipv4 leaderAddress;              ///< the address that this cluster's leader holds
  std::uint64_t registryTerm = 0;  ///< of the last change set in the sender's copy
  NodeId successor;  ///< Role::Leaving: who shall lead now; all zero: nobody in particular
  std::uint16_t followers = 0;  ///< Role::Leading: how many it has heard lately

  auto operator<=>(const Beacon&) const = default;
};

/// Precondition: clusterId and name within their sizes (they come from checked configuration).
[[nodiscard]] Bytes encode(const Beacon& beacon);
/// InvalidArgument: cut short, another magic or version, a size or value out of its range. Fields
/// that a minor version appended may be missing; bytes after the known ones are ignored.
[[nodiscard]] Result<Beacon> decodeBeacon(ByteView bytes);

}  // namespace cluster_lab::wire

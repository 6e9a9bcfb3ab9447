#include "config/check.hpp"

#include <fmt/format.h>

#include <utility>

#include "wire/beacon.hpp"

namespace cluster_lab::config {
namespace {

using Contradictions = std::vector<Contradiction>;

/// An address that a machine of the subnet may have.
bool isHostAddress(const Ipv4Network& subnet, Ipv4 address) {
  return subnet.contains(address) && address != subnet.address() && address != subnet.broadcast();
}

void checkSubnet(const Ipv4Network& subnet, Contradictions& into) {
  constexpr std::uint32_t kThisNetwork = 0;  // RFC 6890: 0.0.0.0/8
  constexpr std::uint32_t kLoopback = 127;   // 127.0.0.0/8
  constexpr std::uint32_t kMulticast = 224;  // 224.0.0.0/4, and what is reserved above it
  constexpr int kSmallestPrefix = 29;
  const auto firstByte = subnet.address().hostOrder() >> 24U;
  if (firstByte == kThisNetwork || firstByte == kLoopback || firstByte >= kMulticast) {
    into.push_back({{"network.subnet"},
                    fmt::format("{} is not for machines: expected a private subnet such as "
                                "192.168.200.0/24",
                                subnet.toString())});
  }
  if (subnet.prefixLength() > kSmallestPrefix) {
    into.push_back({{"network.subnet"},
                    fmt::format("{} has no room for a leader address and two nodes: expected a "
                                "prefix of at most {}",
                                subnet.toString(), kSmallestPrefix)});
  }
}

void checkAddresses(const Settings::Network& network, Contradictions& into) {
  const auto& [subnet, leader, range, leaseTime] = network;
  if (!isHostAddress(subnet, leader)) {
    into.push_back({{"network.leader-address", "network.subnet"},
                    fmt::format("leader address {} is not a host address of the subnet {}",
                                leader.toString(), subnet.toString())});
  }
  if (!isHostAddress(subnet, range.first) || !isHostAddress(subnet, range.last)) {
    into.push_back({{"network.range", "network.subnet"},
                    fmt::format("range {} is not within the host addresses of the subnet {}",
                                range.toString(), subnet.toString())});
  }
  if (range.contains(leader)) {
    into.push_back({{"network.leader-address", "network.range"},
                    fmt::format("leader address {} is within the range {} of the nodes: expected "
                                "it outside",
                                leader.toString(), range.toString())});
  }
  if (range.size() < 2) {
    into.push_back({{"network.range"},
                    fmt::format("range {} holds one address: expected at least two, one for each "
                                "node",
                                range.toString())});
  }
}

void checkLink(const Settings::Link& link, Contradictions& into) {
  constexpr std::uint32_t kMostVlan = 4094;  // IEEE 802.1Q: 4095 is reserved
  constexpr std::size_t kLongestName = 15;   // IFNAMSIZ without the final zero
  if (link.kind == LinkKind::Vlan && link.id > kMostVlan) {
    into.push_back({{"link.id", "link.kind"},
                    fmt::format("{} is not a VLAN id: expected 1 to {}", link.id, kMostVlan)});
  }
  if (link.name().size() > kLongestName) {
    into.push_back(
        {{"link.parent", "link.id", "link.kind"},
         fmt::format("the link would be called '{}', which has {} characters: expected at most {}; "
                     "take a smaller link.id, or link.kind = vxlan",
                     link.name(), link.name().size(), kLongestName)});
  }
}

void checkPorts(const Settings& settings, Contradictions& into) {
  if (settings.registry.port == settings.scheduler.port) {
    into.push_back({{"scheduler.port", "registry.port"},
                    fmt::format("registry and scheduler both on port {}: expected two different",
                                settings.registry.port)});
  }
  if (settings.link.vxlanPort == wire::kBeaconPort) {
    into.push_back(
        {{"link.vxlan-port"},
         fmt::format("UDP port {} is the beacon's: expected another", wire::kBeaconPort)});
  }
}

void checkTimes(const Settings& settings, Contradictions& into) {
  const auto& election = settings.election;
  const auto silence = election.heartbeat * election.missedHeartbeats;
  if (election.addressLifetime <= silence) {
    into.push_back(
        {{"election.address-lifetime", "election.heartbeat", "election.missed-heartbeats"},
         fmt::format("address lifetime of {} s: expected more than the {} ms of {} "
                     "missed heartbeats",
                     election.addressLifetime.count(), silence.count(),
                     election.missedHeartbeats)});
  }
  if (settings.registry.nodeTimeout < 2 * election.heartbeat) {
    into.push_back(
        {{"registry.node-timeout", "election.heartbeat"},
         fmt::format("node timeout of {} ms: expected at least two heartbeats of {} ms",
                     settings.registry.nodeTimeout.count(), election.heartbeat.count())});
  }
}

}  // namespace

std::vector<Contradiction> check(const Settings& settings) {
  Contradictions all;
  checkSubnet(settings.network.subnet, all);
  checkAddresses(settings.network, all);
  checkLink(settings.link, all);
  checkPorts(settings, all);
  checkTimes(settings, all);
  return all;
}

}  // namespace cluster_lab::config

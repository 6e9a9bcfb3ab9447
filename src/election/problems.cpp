#include "election/problems.hpp"

namespace cluster_lab::election {

std::string linkText(LinkKind kind, std::uint32_t id) {
  switch (kind) {
    case LinkKind::Vlan:
      return "vlan " + std::to_string(id);
    case LinkKind::Vxlan:
      return "vxlan " + std::to_string(id);
    case LinkKind::None:
      return "the plain interface";
  }
  return "an unknown link";
}

Problem strangerHasAddress(MacAddress stranger, Ipv4 address) {
  return {"stranger",
          "the device " + stranger.toString() + " has " + address.toString() +
              " and is no node of a cluster",
          "give that device another address, or choose another link.id or network.subnet"};
}

Problem strangerClaimsAddress(MacAddress stranger, Ipv4 address) {
  return {"stranger",
          "the device " + stranger.toString() + " claims " + address.toString() +
              ", which this node holds",
          "give that device another address"};
}

Problem foreignCluster(const wire::Beacon& leader) {
  return {"foreign_cluster",
          "cluster '" + leader.clusterId + "' holds this segment: its leader " + leader.name +
              " has " + leader.leaderAddress.toString(),
          "choose another link.id"};
}

Problem twinHasIdentity(const wire::Beacon& twin) {
  return {kTwinProblem,
          "the node with the MAC address " + twin.linkMac.toString() +
              " has this node's identity, as a copied card has",
          "none needed: it takes a new identity by itself; give it a host name and ssh keys of its "
          "own"};
}

Problem leaderOutOfReach(const Identity& self, const wire::Beacon& leader) {
  if (leader.linkKind != self.linkKind || leader.linkId != self.linkId) {
    const auto* const key = leader.linkKind != self.linkKind ? "link.kind" : "link.id";
    return {"link_differs",
            leader.name + " uses " + linkText(leader.linkKind, leader.linkId) + ", this node " +
                linkText(self.linkKind, self.linkId),
            std::string("set the same ") + key + " on all nodes"};
  }
  const auto between = "between " + leader.name + " and " + self.name;
  if (self.linkKind == LinkKind::Vlan) {
    return {"vlan_dropped", "the switch " + between + " drops VLAN tags",
            "set link.kind=vxlan on all nodes"};
  }
  const auto* const remedy = self.linkKind == LinkKind::Vxlan
                                 ? "allow IPv6 multicast and the UDP port link.vxlan-port there"
                                 : "allow broadcasts and EtherType 0x88b5 there";
  return {"link_unreachable",
          "the network " + between + " passes beacons but nothing over " +
              linkText(self.linkKind, self.linkId),
          remedy};
}

Problem cannotLead(const std::string& reason) {
  return {"cannot_lead", "this node cannot lead: " + reason,
          "it tries again by itself, and another node may lead meanwhile"};
}

}  // namespace cluster_lab::election

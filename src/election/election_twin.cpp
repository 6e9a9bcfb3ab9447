// Another node with this node's id.
#include "election/election.hpp"

namespace cluster_lab::election {

/// Looped back by the network, with the MAC that this node's cluster link has or had.
bool Election::isSelf(const wire::Beacon& beacon) const {
  return beacon.nodeId == self_.nodeId && (beacon.linkMac == mac_ || beacon.linkMac == formerMac_);
}

/// Is this a twin of this node's, whose words are about itself and not about this node? Two leaders
/// with one id settle who leads before they settle who is who.
bool Election::isTwin(const wire::Beacon& beacon) const {
  return beacon.nodeId == self_.nodeId && beacon.clusterId == self_.clusterId &&
         !(beacon.role == Role::Leading && role() == Role::Leading);
}

void Election::twinHeard(const wire::Beacon& twin) {
  const bool saysWho = mac_ != MacAddress{} && twin.linkMac != MacAddress{};
  if (!saysWho || twin.role == Role::Leaving) return;
  if (TwinWatch::givesWay(role(), mac_, twin)) {
    setProblem(std::nullopt);
    enter(State::Stopping, "the node with the MAC address " + twin.linkMac.toString() +
                               " has this node's identity, as a copied card has: taking a new one");
    actions_.emplace_back(IdentityTaken{twin.linkMac});
    return;
  }
  if (!twin_.heard(now_, twin, actions_)) return;
  beacons_.hurry(now_);
  actions_.emplace_back(SendHeartbeat{twin.linkMac, role(), false});
}

}  // namespace cluster_lab::election

#include "election/address_probe.hpp"

namespace cluster_lab::election {

AddressProbe::AddressProbe(const Timing& timing, MacAddress self, Ipv4 address,
                           TimePoint firstProbe)
    : timing_(timing), self_(self), address_(address), next_(firstProbe) {}

std::optional<wire::Arp> AddressProbe::due(TimePoint now) {
  if (verdict_ != Verdict::Pending || now < next_) return std::nullopt;
  if (sent_ == timing_.probeCount) {
    verdict_ = Verdict::Free;
    return std::nullopt;
  }
  ++sent_;
  next_ = now + (sent_ == timing_.probeCount ? timing_.announceWait : timing_.probeInterval);
  return wire::Arp::probe(self_, address_);
}

void AddressProbe::received(const wire::Arp& packet) {
  if (verdict_ != Verdict::Pending || packet.senderMac == self_) return;
  if (packet.claims(address_)) {
    verdict_ = Verdict::Taken;
  } else if (packet.isProbe() && packet.targetIp == address_ &&
             (!hasBegun() || packet.senderMac < self_)) {
    verdict_ = Verdict::Contended;
  } else {
    return;
  }
  other_ = packet.senderMac;
}

}  // namespace cluster_lab::election

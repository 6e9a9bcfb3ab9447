#include "etcd/seating.hpp"

#include <algorithm>

namespace cluster_lab::etcd {

Seat seatOf(const Member& member) {
  return {.member = member.id,
          .node = NodeId::parse(member.name).value_or(NodeId{}),
          .address = member.peerUrls.empty() ? Ipv4{} : addressOf(member.peerUrls.front()),
          .learner = member.learner};
}

registry::Storage storageOf(std::span<const Member> members, std::span<const Candidate> nodes) {
  registry::Storage storage{.kind = kStorageKind, .members = {}};
  for (const auto& member : members) {
    auto seat = seatOf(member);
    if (member.name.empty()) {
      const auto known = std::ranges::find(nodes, seat.address, &Candidate::address);
      if (known != nodes.end()) seat.node = known->id;
    }
    if (seat.node != NodeId{}) {
      storage.members.push_back({.node = seat.node, .address = seat.address});
    }
  }
  std::ranges::sort(storage.members, {}, &registry::Storage::Member::node);
  return storage;
}

Duty dutyOf(const Seating& seating) {
  if (seating.removed) return Duty::Forget;
  if (seating.listed || (seating.unknown && seating.hasData)) {
    return seating.addressed ? Duty::Serve : Duty::Rest;
  }
  return seating.refused && seating.hasData ? Duty::Forget : Duty::Rest;
}

std::vector<Peer> peersOf(const registry::Storage& storage) {
  std::vector<Peer> peers;
  peers.reserve(storage.members.size());
  for (const auto& member : storage.members) peers.push_back({member.node, member.address});
  return peers;
}

}  // namespace cluster_lab::etcd

#include "daemon/status_sources.hpp"

#include <chrono>
#include <string>
#include <vector>

#include "config/version.hpp"
#include "daemon/foundation.hpp"
#include "daemon/node_address.hpp"
#include "daemon/storage_report.hpp"
#include "election/election_service.hpp"
#include "link/cluster_link.hpp"
#include "os/event_loop.hpp"
#include "os/netlink.hpp"
#include "registry/registry.hpp"

namespace cluster_lab::daemon {
namespace {

/// This node's addresses outside the cluster: where a browser finds it.
std::vector<Ipv4> lanAddresses(os::Netlink& netlink, const config::Settings& settings) {
  std::vector<Ipv4> lan;
  const auto parent = netlink.link(settings.link.parent);
  if (!parent) return lan;
  for (const auto& one :
       netlink.addresses(parent->index).value_or(std::vector<os::AddressInfo>{})) {
    if (!settings.network.subnet.contains(one.address)) lan.push_back(one.address);
  }
  return lan;
}

Status::Neighbour describe(const election::Neighbour& neighbour, TimePoint now) {
  const auto& beacon = neighbour.beacon;
  return {beacon.name,
          beacon.nodeId,
          beacon.clusterId,
          beacon.role,
          beacon.term,
          beacon.linkKind,
          beacon.linkId,
          neighbour.heardOnLink.has_value(),
          std::chrono::duration_cast<std::chrono::milliseconds>(now - neighbour.lastHeard())};
}

void describeRegistry(const registry::Registry& registry, Status& status) {
  const auto storage = registry.storage().value_or(registry::Storage{});
  status.registryIndex = registry.index();
  status.registryKind = storage.kind;
  for (const auto& member : storage.members) {
    status.registryMembers.push_back(nameIn(registry, member.node));
  }
}

}  // namespace

Status StatusSources::gather() const {
  Status status;
  status.version = config::productVersion();
  status.clusterId = settings.cluster.id;
  status.nodeId = base.identity->id();
  status.name = nodeName(settings);
  status.state = election::toString(election.state());
  status.reason = linkError && election.state() == election::State::WaitingForLink
                      ? linkError->message
                      : election.reason();
  const auto now = base.loop->now();
  status.since = std::chrono::duration_cast<std::chrono::seconds>(now - election.since());
  status.term = election.term();
  describeRegistry(*base.registry, status);
  status.synced = election.state() == election::State::Leading || base.registry->synced();
  if (const auto& leader = election.leader()) {
    status.leader = {leader->name, settings.network.leaderAddress, leader->nodeAddress};
  }
  status.link = {settings.link.kind, settings.link.kind == LinkKind::None ? 0 : settings.link.id,
                 settings.link.name(), settings.link.parent, link.info().has_value()};
  status.nodeAddress = address.current();
  status.leaderAddress = settings.network.leaderAddress;
  status.lanAddresses = lanAddresses(*base.netlink, settings);
  status.subnet = settings.network.subnet;
  status.range = settings.network.range;
  status.registryPort = settings.registry.port;
  status.schedulerPort = settings.scheduler.port;
  for (const auto& neighbour : election.neighbours()) {
    status.neighbours.push_back(describe(neighbour, now));
  }
  return status;
}

}  // namespace cluster_lab::daemon

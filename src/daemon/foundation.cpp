#include "daemon/foundation.hpp"

#include <csignal>
#include <optional>
#include <utility>

#include "config/version.hpp"
#include "etcd/etcd_authority.hpp"
#include "os/file.hpp"
#include "os/host.hpp"
#include "os/log.hpp"

using namespace std::chrono_literals;

namespace cluster_lab::daemon {

std::string nodeName(const config::Settings& settings) {
  return settings.node.name.empty() ? os::hostName() : settings.node.name;
}

std::filesystem::path etcdDirectory(const config::Settings& settings) {
  return settings.dataDirectory / "etcd";
}

election::Timing timingOf(const config::Settings& settings) {
  const auto& election = settings.election;
  return {.probeWait = election.probeWait,
          .probeCount = election.probeCount,
          .probeInterval = election.probeInterval,
          .announceWait = election.announceWait,
          .heartbeat = election.heartbeat,
          .missedHeartbeats = election.missedHeartbeats,
          .addressLifetime = election.addressLifetime,
          .beacon = settings.beacon.enabled ? settings.beacon.interval : 0ms,
          .coldStartWait = election.coldStartWait};
}

election::Identity identityOf(const config::Settings& settings, const NodeId& id) {
  return {.nodeId = id,
          .name = nodeName(settings),
          .clusterId = settings.cluster.id,
          .linkKind = settings.link.kind,
          .linkId = settings.link.kind == LinkKind::None ? 0 : settings.link.id,
          .leaderAddress = settings.network.leaderAddress};
}

registry::NodeRegistration registrationOf(const config::Settings& settings, const NodeId& id) {
  return {.id = id,
          .name = nodeName(settings),
          .address = {},
          .mac = {},
          .role = Role::Following,
          .labels = settings.node.labels,
          .version = std::string(config::productVersion()),
          .external = std::nullopt};
}

namespace {

/// Opens the store; a corrupt one has been set aside by then, so the second try begins anew.
Result<std::unique_ptr<registry::Registry>> openRegistry(
    const registry::Registry::Options& options) {
  auto opened = registry::Registry::open(options);
  if (opened || opened.error().code != ErrorCode::Corrupt) return opened;
  os::log::error(opened.error().text(), {{"PROBLEM", "store_corrupt"}});
  return registry::Registry::open(options);
}

registry::Registry::Options registryOptions(const config::Settings& settings, const NodeId& self,
                                            StatusBoard& board) {
  return {.dataDirectory = settings.dataDirectory,
          .pageDirectory = settings.pageDirectory,
          .clusterId = settings.cluster.id,
          .datacenter = settings.cluster.datacenter,
          .self = self,
          .selfName = nodeName(settings),
          .version = std::string(config::productVersion()),
          .port = settings.registry.port,
          .clusterNetwork = settings.network.subnet,
          .lanWrites = settings.registry.lanWrites,
          .statusJson = [&board] { return board.json(); },
          .ackByReplica = settings.registry.ackByReplica,
          .nodeTimeout = settings.registry.nodeTimeout,
          .problem = [&board](const std::string& code,
                              const std::optional<Error>& problem) { board.tell(code, problem); }};
}

/// The registry's authority, which says on the loop when it takes its word back.
void makeAuthority(Foundation& base, const config::Settings& settings) {
  base.mandateLost =
      std::make_unique<std::function<void(const std::string&)>>([](const std::string&) {});
  base.etcd = std::make_unique<etcd::Client>(etcd::Client::Options{});
  base.authority = std::make_unique<etcd::EtcdAuthority>(
      *base.etcd,
      etcd::EtcdAuthority::Options{
          .self = base.identity->id(),
          .directory = etcdDirectory(settings),
          .lost = [&loop = *base.loop, &lost = *base.mandateLost](const std::string& why) {
            loop.post([&lost, why] { lost(why); });
          }});
}

Result<void> holdSignals(Foundation& base) {
  base.stopAsked = std::make_unique<std::function<void()>>([] {});
  for (const int signal : {SIGTERM, SIGINT}) {
    auto handle = base.loop->onSignal(signal, [&stop = *base.stopAsked] { stop(); });
    if (!handle) return fail(handle.error());
    base.signals.push_back(std::move(*handle));
  }
  return {};
}

}  // namespace

Result<Foundation> makeFoundation(const config::Settings& settings) {
  Foundation base;
  auto loop = os::EventLoop::create();
  if (!loop) return fail(loop.error());
  base.loop = std::move(*loop);
  if (auto held = holdSignals(base); !held) return fail(held.error());
  auto netlink = os::Netlink::open();
  if (!netlink) return fail(netlink.error());
  base.netlink = std::move(*netlink);
  base.board = std::make_unique<StatusBoard>(*base.loop);
  if (auto made = os::ensureDirectory(settings.runDirectory); !made) return fail(made.error());
  auto identity = NodeIdentity::load(settings.dataDirectory);
  if (!identity) return fail(identity.error());
  base.identity = std::make_unique<NodeIdentity>(std::move(*identity));
  base.leaderGone = std::make_unique<std::function<void()>>([] {});
  makeAuthority(base, settings);
  auto options = registryOptions(settings, base.identity->id(), *base.board);
  options.authority = base.authority.get();
  base.storageDuties = std::make_unique<registry::StorageDuties>();
  options.storageDuties = base.storageDuties.get();
  options.leaderGone = [&loop = *base.loop, &gone = *base.leaderGone] {
    loop.post([&gone] { gone(); });
  };
  options.outranked = [&loop = *base.loop, &lost = *base.mandateLost](const std::string& why) {
    loop.post([&lost, why] { lost(why); });
  };
  auto registry = openRegistry(options);
  if (!registry) return fail(registry.error().during("open the registry"));
  base.registry = std::move(*registry);
  return base;
}

}  // namespace cluster_lab::daemon

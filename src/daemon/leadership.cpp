#include "daemon/leadership.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "config/version.hpp"
#include "dhcp/dhcp_server.hpp"
#include "http/router.hpp"
#include "http/server.hpp"
#include "os/event_loop.hpp"
#include "os/log.hpp"
#include "registry/registry.hpp"
#include "scheduler/scheduler_api.hpp"

using namespace std::chrono_literals;

namespace cluster_lab::daemon {
namespace {

constexpr auto kExhaustedLasts = 30s;  // a full pool is told that long after a client was sent away

dhcp::ServerSettings dhcpSettings(const config::Settings& settings) {
  return {.subnet = settings.network.subnet,
          .leaderAddress = settings.network.leaderAddress,
          .range = settings.network.range,
          .leaseTime = settings.network.leaseTime,
          .nodesOnly = settings.link.kind == LinkKind::None,
          .dnsPort = settings.registry.dnsPort,
          .hook = settings.leaseHook};
}

std::vector<dhcp::Lease> storedLeases(const registry::Registry& registry) {
  std::vector<dhcp::Lease> leases;
  for (const auto& lease : registry.leases()) {
    leases.push_back({lease.mac, lease.address, lease.hostName});
  }
  return leases;
}

std::string problemCode(const Error& error) {
  if (error.code == ErrorCode::NotFound) return "tool_missing";
  return error.code == ErrorCode::Conflict ? "port_taken" : "dhcp_failed";
}

}  // namespace

struct Leadership::Impl {
  os::EventLoop& loop;
  registry::Registry& registry;
  const config::Settings& settings;
  Events events;
  dhcp::DhcpServer dhcp;
  os::Timer exhaustedTimer;
  scheduler::SchedulerApi api;
  http::Router router;
  std::vector<std::unique_ptr<http::Server>> servers;
  bool opened = false;

  Impl(os::EventLoop& eventLoop, registry::Registry& reg, const config::Settings& config,
       Events evts)
      : loop(eventLoop),
        registry(reg),
        settings(config),
        events(std::move(evts)),
        dhcp(loop, dhcpSettings(settings), settings.runDirectory, dhcpEvents()),
        exhaustedTimer(loop, [this] { events.solved("dhcp_exhausted"); }),
        api(registry, {.clusterNetwork = settings.network.subnet,
                       .version = std::string(config::productVersion())}) {
    api.addRoutes(router);
  }

  dhcp::DhcpServer::Events dhcpEvents() {
    return {.leaseChanged = [this](const dhcp::Lease& lease) { keep(lease); },
            .leaseReleased = [this](MacAddress mac) { drop(mac); },
            .exhausted = [this] { exhausted(); },
            .otherServer = [this] { otherServer(); },
            .failed = [this](const Error& error) { dhcpFailed(error); }};
  }

  void keep(const dhcp::Lease& lease) {
    events.solved("tool_missing");
    events.commit("keep the lease of " + lease.mac.toString(), [&store = registry, lease] {
      return store.putLease({lease.mac, lease.address, lease.hostName});
    });
  }

  void drop(MacAddress mac) {
    events.commit("drop the lease of " + mac.toString(),
                  [&store = registry, mac] { return store.deleteLease(mac); });
  }

  /// Every address is leased: one of a card that is no node any more is taken back.
  void exhausted() {
    exhaustedTimer.set(loop.now() + kExhaustedLasts);
    if (const auto unused = leaseWithoutNode()) {
      os::log::warning("every address of the DHCP range is leased: " + unused->address.toString() +
                       " of " + unused->mac.toString() + ", which is no node now, is free again");
      dhcp.release(unused->mac);
      return;
    }
    events.problem("dhcp_exhausted",
                   {ErrorCode::Exhausted,
                    "every address of " + settings.network.range.toString() + " is leased",
                    "set a larger network.range on all nodes, or remove nodes"});
  }

  std::optional<dhcp::Lease> leaseWithoutNode() const {
    const auto nodes = registry.nodes();
    for (const auto& lease : dhcp.leases()) {
      const bool used = std::ranges::any_of(nodes, [&](const registry::Node& node) {
        return node.registration.mac == lease.mac || node.registration.address == lease.address;
      });
      if (!used) return lease;
    }
    return std::nullopt;
  }

  void otherServer() {
    events.problem("dhcp_foreign_server",
                   {ErrorCode::Conflict, "another DHCP server answers on the cluster link",
                    "take it off this segment, or set another link.id on all nodes"});
  }

  void dhcpFailed(const Error& error) { events.problem(problemCode(error), error); }

  void listen(const std::string& address) {
    auto server =
        http::Server::start({.address = address, .port = settings.scheduler.port},
                            [this](const http::Request& request) { return router.route(request); });
    if (server) {
      servers.push_back(std::move(*server));
    } else {
      events.problem("port_taken", server.error().during("scheduler endpoint"));
    }
  }
};

Leadership::Leadership(os::EventLoop& loop, registry::Registry& registry,
                       const config::Settings& settings, Events events)
    : impl_(std::make_unique<Impl>(loop, registry, settings, std::move(events))) {}

Leadership::~Leadership() {
  for (const auto* code : {"dhcp_exhausted", "dhcp_foreign_server", "dhcp_failed", "port_taken"}) {
    impl_->events.solved(code);
  }
}

Result<Ipv4> Leadership::serveAddresses(MacAddress mac, Ipv4 wanted, const std::string& name) {
  auto& impl = *impl_;
  if (auto started = impl.dhcp.start(storedLeases(impl.registry)); !started) {
    impl.dhcpFailed(started.error());
  }
  return impl.dhcp.own(mac, wanted.isNone() ? std::nullopt : std::optional(wanted), name);
}

void Leadership::open() {
  auto& impl = *impl_;
  if (std::exchange(impl.opened, true)) return;
  for (const auto& lease : impl.dhcp.leases()) impl.keep(lease);
  impl.listen(impl.settings.network.leaderAddress.toString());
  impl.listen("127.0.0.1");
}

}  // namespace cluster_lab::daemon

#include "daemon/app.hpp"

#include <utility>

#include "agent/agent.hpp"
#include "agent/api.hpp"
#include "agent/service_keeper.hpp"
#include "daemon/board_service.hpp"
#include "daemon/engine_report.hpp"
#include "daemon/etcd_node.hpp"
#include "daemon/foundation.hpp"
#include "daemon/leadership.hpp"
#include "daemon/membership.hpp"
#include "daemon/name_service.hpp"
#include "daemon/node_address.hpp"
#include "daemon/node_identity.hpp"
#include "daemon/status_board.hpp"
#include "daemon/status_sources.hpp"
#include "election/election_service.hpp"
#include "http/host_name.hpp"
#include "http/router.hpp"
#include "http/server.hpp"
#include "link/cluster_link.hpp"
#include "os/event_loop.hpp"
#include "os/log.hpp"
#include "os/memory.hpp"
#include "os/netlink.hpp"
#include "os/notify.hpp"
#include "registry/registry.hpp"

using namespace std::chrono_literals;

namespace cluster_lab::daemon {
namespace {

constexpr auto kUnreachable = "registry_unreachable";
constexpr auto kSettled = 3s;       // after a change of role, what that needed is done
constexpr auto kTrimInterval = 5s;  // how often unused memory is given back
constexpr std::size_t kLargestSnapshot = std::size_t{16} << 20U;  // packed, to be restored
constexpr auto kLeaveLimit = 1s;        // for taking this node out of the registry at a stop
constexpr auto kHandOverLimit = 500ms;  // for a follower to have all that a leader has at a stop

/// By which names a browser may ask this node.
std::vector<std::string> hostNamesOf(const config::Settings& settings) {
  auto names = settings.registry.hostNames;
  names.push_back(nodeName(settings));
  return names;
}

EtcdNode::Options etcdOptionsOf(const config::Settings& settings, const NodeId& self) {
  return {.self = self,
          .directory = etcdDirectory(settings),
          .clusterId = settings.cluster.id,
          .wanted = settings.registry.keptInEtcd,
          .members = settings.registry.etcdMembers,
          .replaceAfter = settings.registry.replaceAfter};
}

/// Whom this node's copy of the registry knows.
std::vector<election::Member> otherMembers(const registry::Registry& registry, const NodeId& self) {
  std::vector<election::Member> others;
  for (const auto& node : registry.nodes()) {
    if (node.registration.id != self)
      others.push_back({node.registration.id, node.registration.name});
  }
  return others;
}

}  // namespace

/// Built from top to bottom, destroyed from bottom to top.
struct App::Impl {
  const config::Settings settings;
  Foundation base;
  BoardService board;             // -> base.board
  agent::ServiceKeeper services;  // -> registry
  agent::Api agentApi;            // -> services, registry
  http::Router router;
  const http::HostNames hostNames;
  std::unique_ptr<http::Server> server;         // -> registry
  election::ElectionService election;           // <- link -> leadership or membership
  NodeAddress address;                          // <- leadership or membership -> election
  agent::Agent agent;                           // -> registry
  NameService names;                            // -> registry
  EtcdNode etcd;                                // <- address, agent -> registry
  EngineReport engine;                          // -> registry or the leader
  std::unique_ptr<Leadership> leadership;       // while leading -> registry
  Membership membership;                        // while joining and following -> agent
  link::ClusterLink link;                       // -> election
  std::unique_ptr<os::NetlinkMonitor> monitor;  // parent, addresses -> election, address
  os::Timer settledTimer;
  os::Timer trimTimer;
  std::string linkProblem;
  std::optional<Error> linkError;
  bool ready = false;

  Impl(config::Settings config, Foundation made);
  Result<void> open();
  Result<void> listenToKernel();
  void stop();
  void beginAnew();
  void close(int code);

  void linkIsUp(const os::LinkInfo& info);
  void linkIsDown();
  void linkHasProblem(const std::string& code, const Error& error);
  void parentChanged(const os::LinkInfo& info);
  void addressRemoved(const os::AddressInfo& gone);

  void stateChanged(const election::StateChanged& change);
  void lead(std::uint64_t term, const std::string& why);
  void endLeading();
  void leads();
  void leadFailed(const Error& error);
  void follows();
  void join(const os::LinkInfo& info);
  void joinFailed(const Error& error);
  void heard(const wire::Beacon& beacon, election::Medium medium);
  void tellReady();
  void trimMemory();

  [[nodiscard]] election::ElectionService::Events electionEvents();
  [[nodiscard]] agent::Agent::Events agentEvents();
  [[nodiscard]] Membership::Events membershipEvents();
  [[nodiscard]] Leadership::Events leadershipEvents();
  [[nodiscard]] NameService::Events nameEvents();
  [[nodiscard]] EtcdNode::Events etcdEvents();
  [[nodiscard]] link::ClusterLink::Events linkEvents();
};

App::Impl::Impl(config::Settings config, Foundation made)
    : settings(std::move(config)),
      base(std::move(made)),
      board(*base.loop, settings, *base.board),
      services(*base.registry, {.self = base.identity->id(),
                                .file = settings.dataDirectory / "services.json",
                                .scriptChecks = settings.registry.scriptChecks}),
      agentApi{.registry = *base.registry,
               .keeper = services,
               .options = {.self = base.identity->id(),
                           .selfName = nodeName(settings),
                           .clusterNetwork = settings.network.subnet,
                           .lanWrites = settings.registry.lanWrites,
                           .leaderAddress = settings.network.leaderAddress,
                           .registryPort = settings.registry.port},
               .stopDaemon = [this] { base.loop->post([this] { (*base.stopAsked)(); }); }},
      hostNames(hostNamesOf(settings)),
      election(*base.loop, *base.netlink,
               {.self = identityOf(settings, base.identity->id()),
                .timing = timingOf(settings),
                .prefixLength = settings.network.subnet.prefixLength(),
                .dataDirectory = settings.dataDirectory,
                .registryFreshness =
                    [registry = base.registry.get()] {
                      return election::Freshness{registry->term(), registry->index()};
                    },
                .members = otherMembers(*base.registry, base.identity->id())},
               electionEvents()),
      address(*base.netlink, *base.identity, settings.network.subnet.prefixLength(),
              [this](Ipv4 now) {
                election.setNodeAddress(now);
                etcd.setAddress(now);
              }),
      agent(*base.loop, *base.registry, services,
            {.self = board.describe(registrationOf(settings, base.identity->id())),
             .leaderAddress = settings.network.leaderAddress,
             .registryPort = settings.registry.port,
             .nodeTimeout = settings.registry.nodeTimeout,
             .forgetAfter = settings.registry.forgetAfter},
            agentEvents()),
      names(*base.loop, *base.registry, settings, nameEvents()),
      etcd(*base.loop, *base.registry, *base.etcd, etcdOptionsOf(settings, base.identity->id()),
           etcdEvents()),
      engine(*base.registry, settings,
             board.describe(registrationOf(settings, base.identity->id()))),
      membership(*base.loop, settings, timingOf(settings), nodeName(settings), address,
                 membershipEvents()),
      link(*base.loop, *base.netlink, settings.link, linkEvents()),
      settledTimer(*base.loop, [] { os::releaseProgramText(); }),
      trimTimer(*base.loop, [this] { trimMemory(); }) {
  base.board->gatherBy([sources = StatusSources{settings, base, election, address, link,
                                                linkError}] { return sources.gather(); });
  *base.storageDuties = etcd.duties();
  base.registry->addRoutes(router);
  agent::addRoutes(router, agentApi);
}

// --- the connections

election::ElectionService::Events App::Impl::electionEvents() {
  return {
      .stateChanged = [this](const election::StateChanged& change) { stateChanged(change); },
      .reasonChanged = [this](const std::string&) { base.board->refresh(); },
      .problem =
          [this](const election::Problem& problem) {
            base.board->raise(problem.code, {ErrorCode::Conflict, problem.message, problem.remedy});
          },
      .problemGone = [this](const std::string& code) { base.board->clear(code); },
      .identityTaken =
          [this](const election::IdentityTaken&) { base.loop->post([this] { beginAnew(); }); },
      .heard = [this](const wire::Beacon& beacon,
                      election::Medium medium) { heard(beacon, medium); }};
}

agent::Agent::Events App::Impl::agentEvents() {
  return {.leading = [this] { leads(); },
          .leadFailed = [this](const Error& error) { leadFailed(error); },
          .joined = [this] { follows(); },
          .joinWaits = [this](const Error& error) { base.board->raise(kUnreachable, error); },
          .joinFailed = [this](const Error& error) { joinFailed(error); }};
}

Membership::Events App::Impl::membershipEvents() {
  return {.addressed = [this](Ipv4 now) { agent.join(now); },
          .problem = [this](const std::string& code,
                            const Error& error) { base.board->raise(code, error); },
          .solved = [this](const std::string& code) { base.board->clear(code); }};
}

Leadership::Events App::Impl::leadershipEvents() {
  return {.commit =
              [this](std::string doing, std::function<Result<void>()> change) {
                agent.commit(std::move(doing), std::move(change));
              },
          .problem = [this](const std::string& code,
                            const Error& error) { base.board->raise(code, error); },
          .solved = [this](const std::string& code) { base.board->clear(code); }};
}

NameService::Events App::Impl::nameEvents() {
  return {.problem = [this](const std::string& code,
                            const Error& error) { base.board->raise(code, error); },
          .solved = [this](const std::string& code) { base.board->clear(code); }};
}

EtcdNode::Events App::Impl::etcdEvents() {
  return {.problem = [this](const std::string& code,
                            const Error& error) { base.board->raise(code, error); },
          .solved = [this](const std::string& code) { base.board->clear(code); }};
}

link::ClusterLink::Events App::Impl::linkEvents() {
  return {.up = [this](const os::LinkInfo& info) { linkIsUp(info); },
          .down = [this] { linkIsDown(); },
          .problem = [this](const std::string& code,
                            const Error& error) { linkHasProblem(code, error); }};
}

// --- start and stop

Result<void> App::Impl::open() {
  auto listening =
      http::Server::start({.port = settings.registry.port,
                           .maxBodyOf = {{"/v1/snapshot", kLargestSnapshot}},
                           .maxPerClient = settings.registry.connectionsPerClient},
                          [this](const http::Request& request) {
                            ++agentApi.requests;
                            auto refusal = hostNames.refusal(request);
                            return refusal ? *std::move(refusal) : router.route(request);
                          });
  if (!listening) return fail(listening.error().during("registry and web page"));
  server = std::move(*listening);
  names.start();
  *base.stopAsked = [this] { stop(); };
  *base.leaderGone = [this] { election.leaderReset(); };
  *base.mandateLost = [this](const std::string& why) { election.cannotLead(why); };
  if (auto done = listenToKernel(); !done) return done;
  if (auto done = link.start(); !done) return done;
  if (auto done = base.loop->feedWatchdog(); !done) return done;
  trimMemory();
  board.show(election.role());
  base.board->refresh();
  return {};
}

Result<void> App::Impl::listenToKernel() {
  auto opened = os::NetlinkMonitor::open(
      *base.loop, {.linkChanged = [this](const os::LinkInfo& info) { parentChanged(info); },
                   .linkRemoved =
                       [this](const os::LinkInfo& info) {
                         if (info.name == settings.link.parent) election.parentDown();
                       },
                   .addressAdded = {},
                   .addressRemoved = [this](const os::AddressInfo& gone) { addressRemoved(gone); },
                   .lost = {}});
  if (!opened) return fail(opened.error());
  monitor = std::move(*opened);
  if (const auto parent = base.netlink->link(settings.link.parent)) parentChanged(*parent);
  return {};
}

void App::Impl::stop() {
  os::log::info("asked to stop");
  *base.stopAsked = [] {};
  os::notifyStopping();
  engine.stop();
  agent.leave(kLeaveLimit);
  services.stop();
  const auto successor = base.registry->handOver(kHandOverLimit);
  server->withdraw(settings.network.leaderAddress);
  election.stop(successor);
  close(0);
}

void App::Impl::close(int code) {
  leadership.reset();
  membership.stop();
  address.remove();
  link.stop();
  base.registry->stop();
  board.putBack();
  base.loop->quit(code);
}

/// As stop(), but tells nobody: it would be understood of the other one with this identity.
void App::Impl::beginAnew() {
  *base.stopAsked = [] {};
  engine.stop();
  services.stop();
  server->withdraw(settings.network.leaderAddress);
  close(App::kIdentityTaken);
}

// --- the link

void App::Impl::linkIsUp(const os::LinkInfo& info) {
  base.board->clear(linkProblem);
  linkError.reset();
  address.linkUp(info.index);
  agent.setLinkMac(info.mac);
  if (auto done = election.linkUp(info); !done) {
    base.board->raise("link_failed", done.error().during("listen on " + info.name));
  }
  base.board->refresh();
}

void App::Impl::linkIsDown() {
  election.linkDown();
  address.linkDown();
}

void App::Impl::linkHasProblem(const std::string& code, const Error& error) {
  if (linkProblem != code) base.board->clear(linkProblem);
  linkProblem = code;
  linkError = error;
  base.board->raise(code, error);
}

void App::Impl::parentChanged(const os::LinkInfo& info) {
  if (info.name != settings.link.parent || !settings.beacon.enabled) return;
  if (!info.up || !info.carrier) return election.parentDown();
  if (auto done = election.parentUp(info); !done) {
    base.board->raise("beacon_failed", done.error().during("beacon on " + info.name));
  } else {
    base.board->clear("beacon_failed");
  }
}

void App::Impl::addressRemoved(const os::AddressInfo& gone) {
  const auto info = link.info();
  if (!info || gone.linkIndex != info->index) return;
  if (gone.address == settings.network.leaderAddress) election.leaderAddressLost();
  address.kernelRemoved(gone.linkIndex, gone.address);
}

// --- the election

void App::Impl::stateChanged(const election::StateChanged& change) {
  if (change.before == election::State::Leading && change.now != election::State::Leading)
    endLeading();
  switch (change.now) {
    case election::State::Leading:
      membership.stop();
      lead(change.term, change.reason);
      break;
    case election::State::Joining:
      if (const auto info = link.info()) join(*info);
      break;
    case election::State::Following:
      tellReady();
      break;
    default:
      membership.stop();
      agent.wander();
      engine.pause();
      break;
  }
  board.show(election.role());
  base.board->refresh();
}

void App::Impl::lead(std::uint64_t term, const std::string& why) {
  const auto info = link.info();
  if (!info) return;
  if (!leadership) {
    leadership =
        std::make_unique<Leadership>(*base.loop, *base.registry, settings, leadershipEvents());
  }
  auto own = leadership->serveAddresses(info->mac, address.wish(), nodeName(settings));
  if (own) {
    if (auto done = address.set(*own); !done) own = fail(done.error());
  }
  if (!own) base.board->raise("address_failed", own.error().during("take a node address"));
  agent.lead(term, own.value_or(settings.network.leaderAddress), why);
}

void App::Impl::endLeading() {
  leadership.reset();
  etcd.endLeading();
  agent.wander();
  engine.pause();
}

/// Where a majority has the last word, another node may have it; so where one knows more.
void App::Impl::leadFailed(const Error& error) {
  const auto storage = base.registry->storage();
  const bool maybeAnother = storage && storage->isShared();
  if (maybeAnother || error.code == ErrorCode::Conflict) return election.cannotLead(error.message);
  base.board->raise("registry_failed", error.during("lead the registry"));
}

void App::Impl::leads() {
  base.board->clear("registry_failed");
  leadership->open();
  etcd.lead();
  engine.lead(address.current());
  tellReady();
}

void App::Impl::follows() {
  base.board->clear(kUnreachable);
  engine.follow(address.current());
  election.joined();
}

/// Who was cut off has not heard the new leader announce itself (RFC 5227 section 2.3), and would
/// ask the one before for as long as the kernel believes in it: up to 45 s.
void App::Impl::join(const os::LinkInfo& info) {
  const auto forgotten = base.netlink->forgetNeighbour(info.index, settings.network.leaderAddress);
  if (!forgotten) os::log::warning(forgotten.error().text());
  membership.start(info);
}

void App::Impl::joinFailed(const Error& error) {
  base.board->raise(kUnreachable, error);
  election.joinFailed(error);
}

void App::Impl::heard(const wire::Beacon& beacon, election::Medium medium) {
  if (beacon.role == Role::Leaving) {
    agent.left(beacon.nodeId);
  } else if (medium == election::Medium::Link) {
    agent.heard(beacon.nodeId);
  }
}

void App::Impl::tellReady() {
  base.board->refresh();
  settledTimer.set(base.loop->now() + kSettled);
  if (std::exchange(ready, true)) return;
  os::notifyReady();
}

void App::Impl::trimMemory() {
  os::releaseFreeHeap();
  trimTimer.set(base.loop->now() + kTrimInterval);
}

// --- the front

Result<std::unique_ptr<App>> App::create(const config::Settings& settings) {
  auto base = makeFoundation(settings);
  if (!base) return fail(base.error());
  auto impl = std::make_unique<Impl>(settings, std::move(*base));
  if (auto opened = impl->open(); !opened) return fail(opened.error());
  return std::unique_ptr<App>(new App(std::move(impl)));
}

App::App(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

App::~App() {
  impl_->services.stop();
  impl_->base.registry->stop();
}

Result<int> App::run() {
  return impl_->base.loop->run();
}

}  // namespace cluster_lab::daemon

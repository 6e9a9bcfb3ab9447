#include "agent/agent.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "agent/liveness.hpp"
#include "agent/service_keeper.hpp"
#include "os/event_loop.hpp"
#include "os/log.hpp"
#include "os/worker.hpp"
#include "registry/client.hpp"
#include "registry/registry.hpp"

using namespace std::chrono_literals;

namespace cluster_lab::agent {
namespace {

constexpr auto kCheckInterval = 500ms;  // how often the leader looks for silent nodes
constexpr auto kPresenceInterval = 5s;  // how often a node looks whether it is still registered
constexpr auto kRegisterLimit = 3s;     // for a new leader to answer
constexpr auto kOpenLimit = 15s;        // for its registry to open: it may wait for a majority
constexpr auto kRegisterPause = 50ms;
constexpr auto kTellWaiting = 2s;  // waiting that is worth a word
constexpr auto kSyncLimit = 5s;    // for the first copy after joining

bool contains(const std::vector<registry::Node>& nodes, const registry::NodeRegistration& self) {
  return std::ranges::any_of(nodes, [&](const registry::Node& node) {
    return node.registration.id == self.id && node.registration.address == self.address &&
           node.registration.role == self.role;
  });
}

}  // namespace

struct Agent::Impl : std::enable_shared_from_this<Impl> {
  enum class Duty { None, Lead, Follow };

  os::EventLoop& loop;
  registry::Registry& registry;
  ServiceKeeper& services;
  Options options;
  Events events;
  Liveness liveness;
  Duty duty = Duty::None;
  std::atomic<std::uint64_t> epoch = 0;  ///< counts changes of duty: what an old one posted is void
  std::set<NodeId> leavers;              ///< left properly while this node did not lead
  std::uint64_t watchedIndex = 0;        ///< registry index at which the watch list was made
  os::Timer checkTimer;
  os::Timer presenceTimer;
  os::Worker worker;

  Impl(os::EventLoop& eventLoop, registry::Registry& reg, ServiceKeeper& keeper, Options opts,
       Events evts)
      : loop(eventLoop),
        registry(reg),
        services(keeper),
        options(std::move(opts)),
        events(std::move(evts)),
        liveness(options.nodeTimeout, options.forgetAfter),
        checkTimer(loop, [this] { checkOthers(); }),
        presenceTimer(loop, [this] { checkPresence(); }) {}

  void enter(Duty next, Ipv4 nodeAddress) {
    ++epoch;
    duty = next;
    services.disconnected();
    worker.clear();
    checkTimer.clear();
    presenceTimer.clear();
    options.self.address = nodeAddress;
    options.self.role = next == Duty::Lead ? Role::Leading : Role::Following;
  }

  /// Runs `task` on the worker (it gets copies of what may change meanwhile) and `then` with its
  /// result on the loop, unless the duty has changed.
  void run(std::function<Result<void>()> task, std::function<void(const Result<void>&)> then) {
    worker.post([self = weak_from_this(), mine = epoch.load(), task = std::move(task),
                 then = std::move(then)] {
      const auto agent = self.lock();
      if (!agent || agent->epoch != mine) return;
      const auto result = task();
      agent->loop.post([self, mine, then, result] {
        const auto still = self.lock();
        if (still && still->epoch == mine) then(result);
      });
    });
  }

  static void warn(const std::string& doing, const Result<void>& result) {
    if (!result) os::log::warning(result.error().during(doing).text());
  }

  Result<void> beginLeading(std::uint64_t term, const registry::NodeRegistration& self,
                            const std::set<NodeId>& left, const std::string& why) {
    if (auto led = registry.lead(term, options.leaderAddress, why); !led) return led;
    for (const auto& node : left) {
      if (auto done = registry.removeNode(node); !done) return done;
    }
    for (const auto& node : registry.nodes()) {
      if (node.registration.role != Role::Leading || node.registration.id == options.self.id)
        continue;
      auto former = node.registration;
      former.role = Role::Following;
      if (auto done = registry.registerNode(former); !done) return fail(done.error());
    }
    return registerHere(self);
  }

  Result<void> registerHere(const registry::NodeRegistration& self) {
    const auto name = registry.registerNode(self);
    if (!name) return fail(name.error().during("register this node"));
    tellName(self, *name);
    return registry.setHealth(self.id, registry::Health::Passing, "Agent alive and reachable");
  }

  Result<void> registerThere(const registry::NodeRegistration& self) {
    const auto name = registry::registerAtLeader(options.leaderAddress, options.registryPort, self);
    if (!name) return fail(name.error().during("register with the leader"));
    tellName(self, *name);
    return {};
  }

  static void tellName(const registry::NodeRegistration& self, const std::string& given) {
    if (given == self.name) return;
    os::log::warning(
        fmt::format("another node is called {}: this one is {} in the registry. Give each "
                    "node a name of its own (host name, or node.name)",
                    self.name, given));
  }

  /// A new leader says that it leads a moment before its registry does, or longer before where that
  /// needs a majority's word: tried again for a while.
  Result<void> registerPatiently(const registry::NodeRegistration& self) {
    const auto mine = epoch.load();
    const auto begun = loop.now();
    bool told = false;
    while (true) {
      auto done = registerThere(self);
      const bool opens = !done && done.error().code == ErrorCode::Conflict;
      const auto waited = loop.now() - begun;
      if (done || waited > (opens ? kOpenLimit : kRegisterLimit) || epoch != mine) return done;
      if (opens && waited > kTellWaiting && !std::exchange(told, true)) tellWaiting(mine);
      std::this_thread::sleep_for(kRegisterPause);
    }
  }

  void tellWaiting(std::uint64_t mine) {
    loop.post([self = weak_from_this(), mine] {
      const auto agent = self.lock();
      if (!agent || agent->epoch != mine) return;
      agent->events.joinWaits({ErrorCode::Unavailable,
                               "the leader's registry is not open yet: it needs a majority of the "
                               "nodes that keep it, or a slow card",
                               "it goes on by itself; cluster-lab registry status tells who is "
                               "missing"});
    });
  }

  Result<void> beginFollowing(const registry::NodeRegistration& self) {
    if (auto done = registerPatiently(self); !done) return done;
    registry.follow(options.leaderAddress);
    if (registry.waitSynced(kSyncLimit)) return {};
    return fail(ErrorCode::TimedOut, "the leader's registry sent no copy within 5 s");
  }

  void watchNodes(TimePoint now) {
    const auto index = registry.index();
    if (index == watchedIndex) return;
    watchedIndex = index;
    std::map<NodeId, bool> present;
    for (const auto& node : registry.nodes()) {
      if (node.registration.id == options.self.id) continue;
      liveness.watch(now, node.registration.id);
      present[node.registration.id] = true;
    }
    for (const auto& id : liveness.watched()) {
      if (!present.contains(id)) liveness.forget(id);
    }
  }

  void checkOthers() {
    registry.vouch();
    const auto now = loop.now();
    watchNodes(now);
    for (const auto& verdict : liveness.check(now)) judge(verdict);
    checkTimer.set(now + kCheckInterval);
  }

  void judge(const Liveness::Verdict& verdict) {
    if (verdict.change == Liveness::Change::Gone) {
      run([this, id = verdict.node] { return registry.forgetNode(id); },
          [](const Result<void>& result) { warn("forget a node", result); });
      return;
    }
    const bool silent = verdict.change == Liveness::Change::Silent;
    run(
        [this, id = verdict.node, silent] {
          return registry.setHealth(
              id, silent ? registry::Health::Critical : registry::Health::Passing,
              silent ? "Agent not live or unreachable" : "Agent alive and reachable");
        },
        [](const Result<void>& result) { warn("set the health of a node", result); });
  }

  void checkPresence() {
    presenceTimer.set(loop.now() + kPresenceInterval);
    if (contains(registry.nodes(), options.self)) return;
    os::log::info("this node is not in the registry as it is: registering again");
    run([this, self = options.self,
         leads = duty == Duty::Lead] { return leads ? registerHere(self) : registerThere(self); },
        [this](const Result<void>& result) {
          warn("register again", result);
          if (result) services.connected();
        });
  }
};

Agent::Agent(os::EventLoop& loop, registry::Registry& registry, ServiceKeeper& services,
             Options options, Events events)
    : impl_(std::make_shared<Impl>(loop, registry, services, std::move(options),
                                   std::move(events))) {}

Agent::~Agent() {
  ++impl_->epoch;
  impl_->worker.clear();
  impl_->worker.drain(10s);
}

void Agent::lead(std::uint64_t term, Ipv4 nodeAddress, const std::string& why) {
  impl_->enter(Impl::Duty::Lead, nodeAddress);
  impl_->liveness = Liveness(impl_->options.nodeTimeout, impl_->options.forgetAfter);
  impl_->watchedIndex = 0;
  impl_->run([impl = impl_.get(), term, self = impl_->options.self, why,
              left = std::exchange(impl_->leavers,
                                   {})] { return impl->beginLeading(term, self, left, why); },
             [impl = impl_.get()](const Result<void>& result) {
               if (!result) return impl->events.leadFailed(result.error());
               impl->checkOthers();
               impl->presenceTimer.set(impl->loop.now() + kPresenceInterval);
               impl->services.connected();
               impl->events.leading();
             });
}

void Agent::join(Ipv4 nodeAddress) {
  impl_->enter(Impl::Duty::Follow, nodeAddress);
  impl_->run(
      [impl = impl_.get(), self = impl_->options.self] { return impl->beginFollowing(self); },
      [impl = impl_.get()](const Result<void>& result) {
        if (!result) return impl->events.joinFailed(result.error());
        impl->presenceTimer.set(impl->loop.now() + kPresenceInterval);
        impl->services.connected();
        impl->events.joined();
      });
}

void Agent::wander() {
  impl_->enter(Impl::Duty::None, impl_->options.self.address);
  impl_->registry.wander();
}

void Agent::leave(std::chrono::milliseconds longest) {
  const auto duty = impl_->duty;
  if (duty == Impl::Duty::None) return;
  impl_->enter(Impl::Duty::None, impl_->options.self.address);
  impl_->worker.post([impl = impl_.get(), duty, self = impl_->options.self.id] {
    const auto& options = impl->options;
    // The leader is not to wait for the copy of a node that goes.
    if (duty == Impl::Duty::Follow) impl->registry.wander();
    Impl::warn("leave the registry",
               duty == Impl::Duty::Lead
                   ? impl->registry.removeNode(self)
                   : registry::leaveLeader(options.leaderAddress, options.registryPort, self));
  });
  impl_->worker.drain(longest);
}

void Agent::setLinkMac(MacAddress mac) {
  impl_->options.self.mac = mac;
}

void Agent::commit(std::string doing, std::function<Result<void>()> change) {
  if (impl_->duty != Impl::Duty::Lead) return;
  impl_->run(std::move(change),
             [doing = std::move(doing)](const Result<void>& result) { Impl::warn(doing, result); });
}

void Agent::heard(const NodeId& node) {
  impl_->leavers.erase(node);
  if (impl_->duty != Impl::Duty::Lead) return;
  if (const auto verdict = impl_->liveness.heard(impl_->loop.now(), node)) impl_->judge(*verdict);
}

void Agent::left(const NodeId& node) {
  if (impl_->duty != Impl::Duty::Lead) {
    impl_->leavers.insert(node);
    return;
  }
  impl_->liveness.forget(node);
  impl_->run([impl = impl_.get(), node] { return impl->registry.removeNode(node); },
             [](const Result<void>& result) { Impl::warn("remove a node that left", result); });
}

}  // namespace cluster_lab::agent

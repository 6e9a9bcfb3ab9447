#include "daemon/etcd_node.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "etcd/client.hpp"
#include "etcd/etcd_authority.hpp"
#include "etcd/member_keeper.hpp"
#include "etcd/seating.hpp"
#include "etcd/server_keeper.hpp"
#include "os/event_loop.hpp"
#include "os/log.hpp"
#include "os/worker.hpp"
#include "registry/registry.hpp"

using namespace std::chrono_literals;

namespace cluster_lab::daemon {
namespace {

constexpr auto kKeep = 2s;         // how often the leader looks at etcd's members
constexpr auto kAnswerLimit = 5s;  // for etcd's answers to that
constexpr auto kFoundLimit = 20s;  // for a new server to answer
constexpr auto kLook = 100ms;      // whether it does
constexpr auto kFoundAgain = 30s;  // after a founding that failed
constexpr auto kProblem = "etcd_failed";

}  // namespace

struct EtcdNode::Impl : std::enable_shared_from_this<Impl> {
  os::EventLoop& loop;
  registry::Registry& registry;
  etcd::Client& asked;
  const Options options;
  const Events events;
  etcd::ServerKeeper server;
  Ipv4 address;
  bool leads = false;
  bool busy = false;  ///< the worker has something to do
  TimePoint foundNotBefore;
  os::Timer timer;
  std::atomic<bool> ending = false;
  etcd::Client client{{}};                  ///< worker only
  etcd::MemberKeeper members;               ///< worker only
  std::map<NodeId, TimePoint> silentSince;  ///< worker only
  os::Worker worker;                        // last: ends before what it uses

  Impl(os::EventLoop& eventLoop, registry::Registry& reg, etcd::Client& authoritys,
       const Options& given, Events told)
      : loop(eventLoop),
        registry(reg),
        asked(authoritys),
        options(given),
        events(std::move(told)),
        server(loop,
               {.node = given.self,
                .address = {},
                .directory = given.directory,
                .clusterId = given.clusterId},
               [this] { return agreement(); },
               {.failed = [this](const Error& error) { events.problem(kProblem, error); },
                .solved = [this] { events.solved(kProblem); }}),
        timer(loop, [this] { tick(); }),
        members(
            client,
            {.leader = given.self, .wanted = given.members, .replaceAfter = given.replaceAfter}) {}

  etcd::ServerKeeper::Agreement agreement() const {
    return {.storage = registry.storage(), .sure = leads || registry.synced()};
  }

  /// Runs `task` on the worker and `then` with its result on the loop.
  void run(std::function<Result<void>()> task, std::function<void(const Result<void>&)> then) {
    busy = true;
    worker.post([this, self = weak_from_this(), task = std::move(task), then = std::move(then)] {
      loop.post([self, then, result = task()] {
        const auto still = self.lock();
        if (!still) return;
        still->busy = false;
        then(result);
      });
    });
  }

  void tick() {
    if (!leads) return;
    timer.set(loop.now() + kKeep);
    if (busy) return;
    const auto storage = registry.storage();
    if (storage && storage->kind == etcd::kStorageKind) {
      run([this, agreed = *storage] { return keepMembers(agreed); },
          [](const Result<void>& kept) {
            if (!kept) os::log::debug(kept.error().text());
          });
    } else if (!storage && options.wanted && loop.now() >= foundNotBefore) {
      found();
    }
  }

  // --- etcd's members

  /// The nodes of the cluster, and for how long they have been silent.
  std::vector<etcd::Candidate> candidates() {
    std::vector<etcd::Candidate> nodes;
    for (const auto& node : registry.nodes()) {
      const auto& id = node.registration.id;
      if (node.health == registry::Health::Passing) silentSince.erase(id);
      const bool silent = node.health != registry::Health::Passing;
      const auto since =
          silent ? silentSince.try_emplace(id, loop.now()).first->second : TimePoint();
      // Silent just now is away, too, for a moment.
      const auto away = silent ? std::max<Duration>(loop.now() - since, 1ms) : Duration();
      nodes.push_back({.id = id,
                       .name = node.registration.name,
                       .address = node.registration.address,
                       .away = away});
    }
    return nodes;
  }

  /// Carries one change of etcd's members out, and tells all nodes who they are now.
  Result<void> keepMembers(const registry::Storage& agreed) {
    const auto nodes = candidates();
    client.setServers(etcd::serversOf(agreed, options.self));
    const auto step = members.keep(nodes, loop.now() + kAnswerLimit);
    const auto listed = client.members(loop.now() + kAnswerLimit);
    if (!listed) return fail(listed.error());
    const auto now = etcd::storageOf(*listed, nodes);
    asked.setServers(etcd::serversOf(now, options.self));
    if (auto told = registry.keepIn(now); !told) return told;
    return step ? Result<void>() : fail(step.error());
  }

  // --- founding

  void found() {
    if (auto begun = server.found(); !begun) return founded(begun);
    const registry::Storage storage{.kind = etcd::kStorageKind,
                                    .members = {{.node = options.self, .address = address}}};
    run([this, storage] { return moveTo(storage); },
        [this](const Result<void>& moved) { founded(moved); });
  }

  Result<void> moveTo(const registry::Storage& storage) {
    client.setServers(etcd::serversOf(storage, options.self));
    const auto deadline = loop.now() + kFoundLimit;
    while (client.count(loop.now() + 1s).withLeader == 0) {
      if (loop.now() > deadline || ending) {
        return fail(ErrorCode::TimedOut, "the new etcd server does not answer");
      }
      std::this_thread::sleep_for(kLook);
    }
    return registry.keepIn(storage);
  }

  void founded(const Result<void>& moved) {
    server.settle();
    if (moved) return events.solved(kProblem);
    foundNotBefore = loop.now() + kFoundAgain;
    events.problem(kProblem, moved.error().during("found an etcd"));
  }
};

EtcdNode::EtcdNode(os::EventLoop& loop, registry::Registry& registry, etcd::Client& asked,
                   const Options& options, Events events)
    : impl_(std::make_shared<Impl>(loop, registry, asked, options, std::move(events))) {}

EtcdNode::~EtcdNode() {
  impl_->ending = true;
}

void EtcdNode::setAddress(Ipv4 address) {
  impl_->address = address;
  impl_->server.setAddress(address);
}

void EtcdNode::lead() {
  if (std::exchange(impl_->leads, true)) return;
  impl_->timer.set(impl_->loop.now());
}

void EtcdNode::endLeading() {
  impl_->leads = false;
  impl_->timer.clear();
}

}  // namespace cluster_lab::daemon

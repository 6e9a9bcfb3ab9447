#include "daemon/etcd_node.hpp"

#include <algorithm>
#include <atomic>
#include <future>
#include <map>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "daemon/storage_report.hpp"
#include "etcd/client.hpp"
#include "etcd/etcd_authority.hpp"
#include "etcd/member_keeper.hpp"
#include "etcd/recovery.hpp"
#include "etcd/seating.hpp"
#include "etcd/server_keeper.hpp"
#include "os/event_loop.hpp"
#include "os/log.hpp"
#include "os/worker.hpp"
#include "registry/client.hpp"
#include "registry/registry.hpp"

using namespace std::chrono_literals;

namespace cluster_lab::daemon {
namespace {

constexpr auto kKeep = 2s;         // how often the leader looks at etcd's members
constexpr auto kAnswerLimit = 5s;  // for etcd's answers to that
constexpr auto kFoundLimit = 20s;  // for a new server to answer
constexpr auto kLook = 100ms;      // whether it does
constexpr auto kFoundAgain = 30s;  // after a founding that failed
constexpr Duration kJudged = 5s;   // a new leader knows by then who is silent
constexpr auto kRecoverLimit = 30s;
constexpr auto kCensusLimit = 10s;  // a second and a half for each that is silent
constexpr auto kBusyPause = 100ms;  // until the worker is asked again
constexpr auto kAskedLimit = 40s;   // for what a client asks: longer than each of its steps
constexpr auto kProblem = "etcd_failed";

using Done = std::function<void(const Result<void>&)>;

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
  TimePoint judged;                     ///< by then a leader knows who is silent
  bool busy = false;                    ///< the worker has something to do
  std::atomic<bool> recovered = false;  ///< the next agreement gets a new number
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
    const bool settling = loop.now() < judged;
    const auto storage = registry.storage();
    if (storage && storage->kind == etcd::kStorageKind) {
      run([this, settling,
           agreed = *storage] { return settling ? unburden(agreed) : keepMembers(agreed); },
          [](const Result<void>& kept) {
            if (!kept) os::log::debug(kept.error().text());
          });
    } else if (!settling && !storage && options.wanted && loop.now() >= foundNotBefore &&
               allAreThere()) {
      found([](const Result<void>&) {});
    }
  }

  /// A node that is away could have agreed with others meanwhile.
  bool allAreThere() const {
    return std::ranges::all_of(registry.nodes(), [](const registry::Node& node) {
      return node.health == registry::Health::Passing;
    });
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
                       .away = away,
                       .unable = false});
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
    auto now = etcd::storageOf(*listed, nodes);
    now.number = agreed.number + (recovered ? 1 : 0);
    asked.setServers(etcd::serversOf(now, options.self));
    if (auto told = registry.keepIn(now); !told) return told;
    recovered = false;
    return step ? Result<void>() : fail(step.error());
  }

  /// The next node to die had better not be etcd's leader, too.
  Result<void> unburden(const registry::Storage& agreed) {
    client.setServers(etcd::serversOf(agreed, options.self));
    const auto step = members.unburden(candidates(), loop.now() + kAnswerLimit);
    return step ? Result<void>() : fail(step.error());
  }

  // --- founding

  void found(const Done& done) {
    if (auto begun = server.found(); !begun) return done(founded(begun));
    const registry::Storage storage{.kind = etcd::kStorageKind,
                                    .members = {{.node = options.self, .address = address}}};
    run([this, storage] { return moveTo(storage); },
        [this, done](const Result<void>& moved) { done(founded(moved)); });
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

  Result<void> founded(const Result<void>& moved) {
    server.settle();
    if (moved) {
      events.solved(kProblem);
      return {};
    }
    foundNotBefore = loop.now() + kFoundAgain;
    auto error = moved.error().during("found an etcd");
    events.problem(kProblem, error);
    return fail(std::move(error));
  }

  // --- what clients ask for

  /// Has the loop begin `task`, again where the worker is busy, and waits for what it gives.
  Result<void> onLoop(const std::function<void(Impl&, const Done&)>& task) {
    const auto deadline = std::chrono::steady_clock::now() + kAskedLimit;
    const auto outcome = std::make_shared<std::promise<Result<void>>>();
    auto future = outcome->get_future();
    const Done done = [outcome](const Result<void>& result) { outcome->set_value(result); };
    while (!begin(task, done)) std::this_thread::sleep_for(kBusyPause);
    if (isReady(future, deadline)) return future.get();
    return fail(ErrorCode::TimedOut, "it takes long, and goes on: cluster-lab registry status");
  }

  /// Waits for it, until `deadline` or the node's end.
  template <typename Answer>
  bool isReady(const std::future<Answer>& answer, TimePoint deadline) const {
    while (!ending && std::chrono::steady_clock::now() < deadline) {
      if (answer.wait_for(kBusyPause) == std::future_status::ready) return true;
    }
    return false;
  }

  /// false: the worker is busy. true: `done` will be called.
  bool begin(const std::function<void(Impl&, const Done&)>& task, const Done& done) {
    const auto begun = std::make_shared<std::promise<bool>>();
    loop.post([self = weak_from_this(), task, done, begun] {
      const auto still = self.lock();
      const bool free = still && !still->busy;
      begun->set_value(free || !still);
      if (free) task(*still, done);
    });
    auto answer = begun->get_future();
    // A loop that does not come to it is about to end, and so is the waiting for `done`.
    return !isReady(answer, std::chrono::steady_clock::now() + kAskedLimit) || answer.get();
  }

  void convert(const std::string& kind, const Done& done) {
    const auto storage = registry.storage().value_or(registry::Storage{});
    if (!leads) return done(fail(ErrorCode::Unavailable, registry::kNoLeader));
    if (storage.kind == kind) return done({});
    if (kind == etcd::kStorageKind) return found(done);
    run([this] { return registry.keepIn({}); }, done);
  }

  void recover(const Done& done) {
    const auto settings = server.yield();
    if (!settings) return done(fail(settings.error()));
    run([this, own = *settings] { return etcd::forgetOthers(own, loop.now() + kRecoverLimit); },
        [this, done](const Result<void>& forgotten) {
          recovered = forgotten.has_value();
          server.settle();
          done(forgotten);
        });
  }
};

namespace {

Result<void> checkKind(const std::string& kind) {
  if (kind == registry::kEmbeddedStorage) return {};
  if (kind == etcd::kStorageKind) return etcd::checkInstalled();
  return fail(ErrorCode::InvalidArgument, "kind: expected embedded or etcd, found '" + kind + "'");
}

/// Only where nobody can lead: recovery forgets what a majority may know.
Result<void> checkNeed(const registry::Registry& registry) {
  const auto storage = registry.storage();
  if (!storage || storage->kind != etcd::kStorageKind) {
    return fail(ErrorCode::Conflict,
                "the registry is on each node's card, not in etcd: there is nothing to recover");
  }
  etcd::Client client{{}};
  client.setServers(etcd::serversOf(*storage, {}));
  const auto census = client.count(std::chrono::steady_clock::now() + kCensusLimit);
  if (census.withLeader == 0) return {};
  return fail(ErrorCode::Conflict, "etcd has a majority: " + std::to_string(census.answering) +
                                       " of " + std::to_string(census.asked) +
                                       " members answer, so nothing must be lost");
}

}  // namespace

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
  const bool alone = impl_->registry.nodes().size() < 2;
  impl_->judged = impl_->loop.now() + (alone ? Duration::zero() : kJudged);
  impl_->timer.set(impl_->loop.now());
}

void EtcdNode::endLeading() {
  impl_->leads = false;
  impl_->timer.clear();
}

registry::StorageDuties EtcdNode::duties() {
  const auto whileThere = [weak = std::weak_ptr(impl_)](const auto& use) -> Result<void> {
    const auto impl = weak.lock();
    return impl ? use(*impl) : fail(ErrorCode::Unavailable, "this node is stopping");
  };
  return {.describe = [&registry = impl_->registry,
                       self = impl_->options.self] { return storageReport(registry, self); },
          .convert =
              [whileThere](const std::string& kind) {
                return whileThere([&](Impl& impl) -> Result<void> {
                  if (auto may = checkKind(kind); !may) return may;
                  return impl.onLoop(
                      [kind](Impl& node, const Done& done) { node.convert(kind, done); });
                });
              },
          .recover =
              [whileThere] {
                return whileThere([](Impl& impl) -> Result<void> {
                  if (auto may = checkNeed(impl.registry); !may) return may;
                  return impl.onLoop([](Impl& node, const Done& done) { node.recover(done); });
                });
              }};
}

}  // namespace cluster_lab::daemon

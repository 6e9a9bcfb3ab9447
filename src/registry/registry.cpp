#include "registry/registry.hpp"

#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "os/log.hpp"
#include "os/worker.hpp"
#include "registry/api.hpp"
#include "registry/client.hpp"
#include "registry/consul_json.hpp"
#include "registry/copy_keeper.hpp"
#include "registry/core.hpp"
#include "registry/decide_services.hpp"
#include "registry/follower.hpp"
#include "registry/lost_files.hpp"
#include "registry/lost_keeper.hpp"
#include "registry/session_keeper.hpp"
#include "registry/sqlite_store.hpp"
#include "registry/watched_store.hpp"

namespace cluster_lab::registry {
namespace {

// How long a follower waits for its own copy to have what it told the leader.
constexpr std::chrono::milliseconds kCopyWait{1000};
// How long answers take to leave this machine.
constexpr std::chrono::milliseconds kAnswersLeave{20};

/// The facade: joins the core, the following thread and the endpoints.
class RegistryOfNode final : public Registry {
 public:
  RegistryOfNode(Options options, Store::Opened opened)
      : options_(std::move(options)),
        lost_(options_.dataDirectory),
        lostKeeper_(lost_, {.id = options_.self, .name = options_.selfName}, options_.problem),
        core_(std::move(opened), options_.self,
              {.parted = [this](const State& own, const State& coming,
                                std::uint64_t told) { lostKeeper_.keep(own, coming, told); },
               .cardBehind = [this] { copies_.changed(); }},
              {.wanted = options_.ackByReplica, .timeout = options_.nodeTimeout},
              options_.authority),
        copies_(core_),
        sessions_(core_),
        api_{.core = core_,
             .options = options_,
             .sessions = sessions_,
             .lost = lost_,
             .lostKeeper = lostKeeper_} {
    lostKeeper_.tell();
  }
  ~RegistryOfNode() override { RegistryOfNode::stop(); }

  Result<void> lead(std::uint64_t term, Ipv4 leaderAddress, const std::string& why) override {
    const auto mine = beginCampaign();
    auto agreed = core_.askToLead(term);
    if (!agreed) return fail(agreed.error());
    const std::scoped_lock lock(roleMutex_);
    if (mine != roles_) {
      core_.resign();
      return fail(ErrorCode::Unavailable, "this node was told otherwise before it could lead");
    }
    if (auto led = core_.lead(term, leaderAddress, *std::move(agreed)); !led) return led;
    leaveFormerLeader();
    if (!stopped_) sessions_.start();
    return why.empty() ? Result<void>{} : core_.tellLeader(nameOfSelf(api_), why);
  }

  void follow(Ipv4 leaderAddress) override {
    core_.resign();
    const std::scoped_lock lock(roleMutex_);
    endRole();
    if (stopped_) return;
    core_.follow(leaderAddress);
    leaveFormerLeader();
    follower_.emplace(core_, options_.self, leaderAddress, options_.port,
                      Follower::Events{.changed =
                                           [this, leaderAddress] {
                                             copies_.changed();
                                             passLost(leaderAddress);
                                           },
                                       .gone = options_.leaderGone});
  }

  void wander() override {
    core_.resign();
    const std::scoped_lock lock(roleMutex_);
    endRole();
    core_.wander();
    leaveFormerLeader();
  }

  std::optional<NodeId> handOver(std::chrono::milliseconds longest) override {
    const std::scoped_lock lock(roleMutex_);
    sessions_.stop();
    const auto successor = core_.handOver(longest);
    // The address that clients asked goes next; what they are answered is to leave before.
    if (successor) std::this_thread::sleep_for(kAnswersLeave);
    return successor;
  }
  void vouch() override { core_.acknowledgements().vouch(); }

  std::uint64_t index() const override { return position().index; }
  std::uint64_t term() const override { return position().term; }
  bool synced() const override { return core_.synced(); }
  bool waitSynced(std::chrono::milliseconds longest) const override {
    return core_.waitSynced(longest);
  }

  Result<std::string> registerNode(const NodeRegistration& node) override {
    return core_.write(
        [&](const State& state) { return decide::registerNode(state, node, options_.port); });
  }

  Result<void> setHealth(const NodeId& node, Health health, const std::string& note) override {
    if (health == Health::Critical) core_.acknowledgements().forget(node);
    return withoutAnswer(core_.write(
        [&](const State& state) { return decide::setHealth(state, node, health, note); }));
  }

  Result<void> removeNode(const NodeId& node) override {
    core_.acknowledgements().forget(node);
    return withoutAnswer(
        core_.write([&](const State& state) { return decide::removeNode(state, node); }));
  }

  Result<void> forgetNode(const NodeId& node) override {
    core_.acknowledgements().forget(node);
    return withoutAnswer(
        core_.write([&](const State& state) { return decide::forgetNode(state, node); }));
  }

  Result<void> putLease(const Lease& lease) override {
    return withoutAnswer(
        core_.write([&](const State& state) { return decide::putLease(state, lease); }));
  }

  Result<void> deleteLease(MacAddress mac) override {
    return withoutAnswer(
        core_.write([&](const State& state) { return decide::deleteLease(state, mac); }));
  }

  Result<void> putEngine(const Engine& engine) override {
    return withoutAnswer(
        core_.write([&](const State& state) { return decide::putEngine(state, engine); }));
  }

  Result<void> removeEngine(const NodeId& node) override {
    return withoutAnswer(
        core_.write([&](const State& state) { return decide::removeEngine(state, node); }));
  }

  Result<void> keepIn(const Storage& storage) override { return core_.keepIn(storage); }

  Result<void> syncServices(const NodeServices& services) override {
    const auto standing = core_.read([](const Core::View& view) { return view.standing; });
    if (standing.kind == Standing::Kind::Following) {
      const auto index = syncAtLeader(standing.leader, options_.port, services);
      if (!index) return fail(index.error());
      core_.waitIndex(*index, kCopyWait);
      return {};
    }
    return withoutAnswer(
        core_.write([&](const State& state) { return decide::syncServices(state, services); }));
  }

  void read(const std::function<void(const State&)>& use) const override {
    core_.read([&](const Core::View& view) { use(view.state); });
  }

  std::vector<Node> nodes() const override {
    return core_.read([](const Core::View& view) {
      auto ages = view.ages.at(std::chrono::steady_clock::now());
      std::vector<Node> nodes;
      for (const auto* stored : consul::nodesByName(view.state)) {
        if (stored->row.external) continue;
        Node node{.registration = stored->row, .healthNote = {}, .age = ages[stored->row.id]};
        if (const auto* check = view.state.serfHealthOf(stored->row.id)) {
          node.health = check->row.status;
          node.healthNote = check->row.output;
        }
        nodes.push_back(std::move(node));
      }
      return nodes;
    });
  }

  std::vector<Lease> leases() const override {
    return core_.read([](const Core::View& view) { return rowsOf(view.state.leases()); });
  }

  std::vector<Engine> engines() const override {
    return core_.read([](const Core::View& view) { return rowsOf(view.state.engines()); });
  }

  std::optional<Storage> storage() const override {
    return core_.read([](const Core::View& view) {
      const auto* agreed = view.state.agreedStorage();
      return agreed == nullptr ? std::nullopt : std::optional(*agreed);
    });
  }

  void addRoutes(http::Router& router) override {
    addStatusRoutes(router, api_);
    addCatalogRoutes(router, api_);
    addAgentRoutes(router, api_);
    addHealthRoutes(router, api_);
    addMeshRoutes(router, api_);
    addOperatorRoutes(router, api_);
    addKvRoutes(router, api_);
    addSessionRoutes(router, api_);
    addTransactionRoutes(router, api_);
    addEventRoutes(router, api_);
    addSnapshotRoutes(router, api_);
    addTimelineRoutes(router, api_);
    addClusterRoutes(router, api_);
    addNodeStatusRoutes(router, api_);
    addLostRoutes(router, api_);
    addStreamRoutes(router, api_);
    addStorageRoutes(router, api_);
    addPageRoutes(router, api_);
  }

  void stop() override {
    core_.stop();
    core_.resign();
    const std::scoped_lock lock(roleMutex_);
    stopped_ = true;
    endRole();
    api_.leader.disconnect();
    api_.nodes.disconnect();
    copies_.stop();
  }

 private:
  /// With roleMutex_ held.
  void endRole() {
    ++roles_;
    follower_.reset();
    sessions_.stop();
  }

  /// Ends the calls to it, but none to the new one. With roleMutex_ held.
  void leaveFormerLeader() {
    api_.leader.disconnect(core_.read([](const Core::View& view) { return view.standing.number; }));
  }

  /// Ends the former role, and gives the number of the one that begins.
  std::uint64_t beginCampaign() {
    const std::scoped_lock lock(roleMutex_);
    endRole();
    return roles_;
  }

  /// The time line is the leader's to write.
  void passLost(Ipv4 leader) {
    if (!lostKeeper_.hasNews()) return;
    news_.post([this, leader] {
      lostKeeper_.pass([&](const std::string& news) {
        return tellLostAtLeader(leader, options_.port, options_.selfName, news).has_value();
      });
    });
  }

  Position position() const {
    return core_.read([](const Core::View& view) { return view.state.position(); });
  }

  static Result<void> withoutAnswer(const Result<bool>& result) {
    if (!result) return fail(result.error());
    return {};
  }

  template <typename Row>
  static std::vector<Row> rowsOf(const Rows<Row>& rows) {
    std::vector<Row> values;
    for (const auto& [key, stored] : rows) values.push_back(stored.row);
    return values;
  }

  const Options options_;
  LostFiles lost_;
  LostKeeper lostKeeper_;
  Core core_;
  CopyKeeper copies_;
  SessionKeeper sessions_;  ///< start() and stop() under roleMutex_
  Api api_;
  std::mutex roleMutex_;              ///< one change of role at a time; taken before the core's
  std::uint64_t roles_ = 0;           // guarded by roleMutex_; counts changes
  bool stopped_ = false;              // guarded by roleMutex_
  os::Worker news_;                   ///< for the leader; ends before what it uses
  std::optional<Follower> follower_;  // guarded by roleMutex_
};

Store::Opened watched(const Registry::Options& options, Store::Opened opened,
                      const std::optional<Error>& problem) {
  auto store = std::make_unique<WatchedStore>(std::move(opened.store), options.problem);
  if (problem) store->couldNotOpen(*problem);
  return {std::move(store), std::move(opened.state)};
}

/// Another cluster's registry has been set aside by the first opening: told until the next start.
Result<Store::Opened> openOwn(const Registry::Options& options) {
  auto opened = SqliteStore::open(options.dataDirectory, options.clusterId);
  if (opened || opened.error().code != ErrorCode::AlreadyExists) return opened;
  os::log::warning(opened.error().text());
  if (options.problem) options.problem("other_cluster", opened.error());
  return SqliteStore::open(options.dataDirectory, options.clusterId);
}

/// The store; where the card cannot be written, one that will be tried again, so that the node can
/// follow all the same.
Result<Store::Opened> openStore(const Registry::Options& options) {
  auto opened = openOwn(options);
  if (opened) return watched(options, *std::move(opened), std::nullopt);
  const auto& problem = opened.error();
  const bool cannotWrite =
      problem.code == ErrorCode::PermissionDenied || problem.code == ErrorCode::Exhausted;
  if (!cannotWrite) return opened;
  return watched(options, SqliteStore::unopened(options.dataDirectory), problem);
}

}  // namespace

Result<std::unique_ptr<Registry>> Registry::open(Options options) {
  auto opened = openStore(options);
  if (!opened) return fail(opened.error());
  return std::make_unique<RegistryOfNode>(std::move(options), *std::move(opened));
}

}  // namespace cluster_lab::registry

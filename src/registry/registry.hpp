#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "http/message.hpp"
#include "registry/authority.hpp"
#include "registry/problems.hpp"
#include "registry/records.hpp"

namespace cluster_lab::http {
class Router;
}

namespace cluster_lab::registry {

class State;
struct NodeServices;
struct StorageDuties;

/// One node's registry: the replicated state, the store under it, and what the world sees of it
/// (Consul's HTTP API and the web page, added to a Router).
///
/// Exactly one node leads and writes; the others follow its stream of change sets and answer reads
/// from their own copy, and hand writes on to the leader. All calls from any thread; calls that
/// change something block until the store has it (milliseconds on a slow card).
class Registry {
 public:
  struct Options {
    std::filesystem::path dataDirectory;
    std::filesystem::path pageDirectory = "/usr/share/cluster-lab/ui";
    std::string clusterId;  ///< whose registry the data directory must hold; empty: any
    std::string datacenter = "dc1";
    NodeId self;
    std::string selfName;
    std::string version;
    std::uint16_t port = 8500;
    Ipv4Network clusterNetwork;  ///< writes come from here or from the loopback
    bool lanWrites = false;
    /// The body of GET /cluster/v1/status; called on HTTP threads, made by the daemon.
    std::function<std::string()> statusJson;
    bool ackByReplica = true;  ///< a write is acknowledged when a follower has it, too
    /// A follower that is silent that long is not waited for.
    std::chrono::milliseconds nodeTimeout{2000};
    /// How long what only a leader can answer waits for one (Consul's rpc_hold_timeout).
    std::chrono::milliseconds holdTime{7000};
    /// The leader that this node follows has ended all at once: a connection that stood was reset,
    /// refused or closed. Called on the following thread.
    std::function<void()> leaderGone = [] {};
    /// This node leads, and must not: another one knows of a later agreement on where the registry
    /// is kept. Called on HTTP threads.
    std::function<void(const std::string& why)> outranked = [](const std::string&) {};
    TellProblem problem = {};
    /// Has the last word where the nodes have agreed on a shared storage; lives longer. nullptr:
    /// this node cannot lead then.
    Authority* authority = nullptr;
    const StorageDuties* storageDuties = nullptr;  ///< lives longer; nullptr: nobody can ask for it
  };

  /// Opens (or makes) the store and loads it. Corrupt: the store cannot be read; it has been set
  /// aside and the remedy says where.
  [[nodiscard]] static Result<std::unique_ptr<Registry>> open(Options options);
  virtual ~Registry() = default;

  // --- what this node is, told by the daemon
  /// Begins to write, from the freshest copy at hand (own store or followed copy). `why` (half a
  /// sentence) goes into the time line; empty: nothing does. Blocks while the authority decides;
  /// Unavailable, Conflict: it says no, or another of these calls came meanwhile.
  [[nodiscard]] virtual Result<void> lead(std::uint64_t term, Ipv4 leaderAddress,
                                          const std::string& why = {}) = 0;
  /// Begins to follow the leader's stream at that address in a thread of its own, until told
  /// otherwise; keeps trying while it cannot be reached.
  virtual void follow(Ipv4 leaderAddress) = 0;
  /// No leader is known: reads go on; clients' writes wait for one, then answer 500 "No cluster
  /// leader".
  virtual void wander() = 0;
  /// Leads no more: takes no writes ("No cluster leader"), and waits until a follower has all that
  /// there is, at most `longest`. Gives that follower, which is to lead next; nullopt: there is
  /// none, or not in time. Followers get the stream until another of these calls.
  [[nodiscard]] virtual std::optional<NodeId> handOver(std::chrono::milliseconds longest) = 0;
  /// The daemon's loop runs and leads: to be told every 500 ms. Does not wait.
  virtual void vouch() = 0;
  /// Highest index that this copy has applied.
  [[nodiscard]] virtual std::uint64_t index() const = 0;
  /// The term under which that copy was written; 0: none.
  [[nodiscard]] virtual std::uint64_t term() const = 0;
  /// True when following and the copy has caught up with the leader at least once.
  [[nodiscard]] virtual bool synced() const = 0;
  /// Waits until synced() or stop(), at most `longest`; gives synced().
  [[nodiscard]] virtual bool waitSynced(std::chrono::milliseconds longest) const = 0;

  // --- changes; Unavailable where this node does not lead
  /// Registers or updates; the name that it got. Same content: nothing is written.
  [[nodiscard]] virtual Result<std::string> registerNode(const NodeRegistration& node) = 0;
  [[nodiscard]] virtual Result<void> setHealth(const NodeId& node, Health health,
                                               const std::string& note) = 0;
  /// The node and all that is its own; its lease stays. Unknown: success.
  [[nodiscard]] virtual Result<void> removeNode(const NodeId& node) = 0;
  /// The same, and its lease, so that its address is free.
  [[nodiscard]] virtual Result<void> forgetNode(const NodeId& node) = 0;
  [[nodiscard]] virtual Result<void> putLease(const Lease& lease) = 0;
  [[nodiscard]] virtual Result<void> deleteLease(MacAddress mac) = 0;
  [[nodiscard]] virtual Result<void> putEngine(const Engine& engine) = 0;
  [[nodiscard]] virtual Result<void> removeEngine(const NodeId& node) = 0;
  /// Makes the nodes agree on that storage. Another kind than before: the registry moves there,
  /// while writers wait. AlreadyExists: there is a registry already. After an error it stays where
  /// it is, and what the other storage got must not be used.
  [[nodiscard]] virtual Result<void> keepIn(const Storage& storage) = 0;

  /// Makes the catalog of that node show exactly these services and checks (all but serfHealth);
  /// only differences are written. A follower hands it to the leader, and waits until its own copy
  /// has it, a second at most. Unavailable: no leader is known or it cannot be reached; NotFound:
  /// the node is not registered (yet).
  [[nodiscard]] virtual Result<void> syncServices(const NodeServices& services) = 0;

  // --- reads, from this node's own copy
  /// The members of the cluster, by name.
  [[nodiscard]] virtual std::vector<Node> nodes() const = 0;
  [[nodiscard]] virtual std::vector<Lease> leases() const = 0;
  [[nodiscard]] virtual std::vector<Engine> engines() const = 0;
  /// Where the nodes have agreed to keep it; nullopt: they have agreed on nothing, so on the card.
  [[nodiscard]] virtual std::optional<Storage> storage() const = 0;
  /// Calls `use` with the state under the shared lock: be short, and call nothing of the registry.
  virtual void read(const std::function<void(const State&)>& use) const = 0;

  /// Adds Consul's API, the page, and the stream for followers to the router of :8500.
  virtual void addRoutes(http::Router& router) = 0;
  /// Wakes all blocking queries and ends the following thread; call it before the HTTP server is
  /// destroyed.
  virtual void stop() = 0;
};

}  // namespace cluster_lab::registry

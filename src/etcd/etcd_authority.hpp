#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <span>
#include <string>

#include "base/error.hpp"
#include "base/node_id.hpp"
#include "etcd/etcd_store.hpp"
#include "etcd/leader_key.hpp"
#include "os/worker.hpp"
#include "registry/authority.hpp"

namespace cluster_lab::etcd {

class Client;

/// The nodes' agreement to keep the registry in etcd, for the node that wants to lead: it may when
/// it has the leader's key, and what a majority of etcd's servers has counts. The client is this
/// object's alone: resign() ends all of its calls. A thread of its own gives the key back.
class EtcdAuthority final : public registry::Authority {
 public:
  struct Options {
    NodeId self;
    std::filesystem::path directory = {};  ///< of this node's server; empty: it has none
    /// Longer than a dead leader's lease lasts, and etcd's own election before.
    std::chrono::milliseconds claimTimeout{8000};
    EtcdStore::Options store = {};
    /// This node leads no more, though it did not resign(); called on a thread of the key's. May
    /// not call back in.
    std::function<void(const std::string& why)> lost = [](const std::string&) {};
  };

  EtcdAuthority(Client& client, const Options& options);
  /// Waits until the key has been given back, a second at most.
  ~EtcdAuthority() override;

  [[nodiscard]] Result<registry::State> lead(std::uint64_t term,
                                             const registry::Storage& storage) override;
  [[nodiscard]] bool hasPart() const override;
  [[nodiscard]] bool holds() const override { return key_.guard().has_value(); }
  [[nodiscard]] Result<void> commit(std::span<const registry::Entry> entries,
                                    const registry::StateHeader& after) override;
  [[nodiscard]] Result<void> replaceAll(const registry::Snapshot& snapshot) override;
  void resign() override;

 private:
  Client& client_;
  const Options options_;
  LeaderKey key_;
  EtcdStore store_;
  std::mutex keyInUse_;                   ///< held by lead(), and while the key is given back
  std::atomic<std::uint64_t> leads_ = 0;  ///< calls of lead(): what was resigned before is over
  std::atomic<bool> wanted_ = false;      ///< by lead(), until resign()
  os::Worker worker_;                     // last: ends before what it uses
};

/// Whom that node asks, itself first.
[[nodiscard]] std::vector<Ipv4> serversOf(const registry::Storage& storage, const NodeId& self);

}  // namespace cluster_lab::etcd

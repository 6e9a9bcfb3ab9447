#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>

#include "base/error.hpp"
#include "etcd/server_command.hpp"
#include "etcd/store_layout.hpp"
#include "registry/store.hpp"

namespace cluster_lab::etcd {

class Client;
class LeaderKey;

/// The registry in etcd: what is committed is known to a majority of its servers. Each transaction
/// is guarded by the leader's key and by the header before it, so that whoever does not lead any
/// more changes nothing, and no change set comes twice or out of order. Where it stays unknown
/// whether etcd took a change set, the leader's key is forsaken: the state must be loaded again.
/// One thread at a time; calls block.
class EtcdStore final : public registry::Store {
 public:
  struct Options {
    std::chrono::milliseconds writeTimeout{3000};  ///< of what is small
    std::chrono::milliseconds loadTimeout{20000};
    std::size_t compactAfter = std::size_t{16} << 20U;  ///< bytes written
    std::size_t mostBytes = kMostBytes;                 ///< of one transaction
  };

  EtcdStore(Client& client, LeaderKey& key, const Options& options);

  /// Reads what a majority has; needed after each claim of the leader's key. Nothing there: an
  /// empty state.
  [[nodiscard]] Result<registry::State> load();

  /// Unavailable: this node does not hold the leader's key, or not for sure any more. Exhausted:
  /// more than etcd takes in one transaction, or its database is full.
  [[nodiscard]] Result<void> commit(std::span<const registry::Entry> entries,
                                    const registry::StateHeader& after) override;
  [[nodiscard]] Result<void> replaceAll(const registry::Snapshot& snapshot) override;
  [[nodiscard]] const registry::Position& position() const override { return current_.header.at; }

 private:
  [[nodiscard]] Result<registry::Snapshot> read();
  /// Adds the guards, and settles whether it was done.
  [[nodiscard]] Result<void> write(Transaction transaction);
  /// The same with the header, which takes effect with it.
  [[nodiscard]] Result<void> writeHeader(Transaction transaction, const StoredHeader& header);
  [[nodiscard]] Result<std::uint64_t> settle(const Transaction& transaction);
  void compactNowAndThen(std::size_t written, std::uint64_t revision);

  Client& client_;
  LeaderKey& key_;
  const Options options_;
  bool loaded_ = false;
  StoredHeader current_;
  std::uint64_t headerRevision_ = 0;  ///< of etcd's transaction that wrote the header
  CreateIndexes created_;
  std::size_t sinceCompaction_ = 0;  ///< bytes
};

}  // namespace cluster_lab::etcd

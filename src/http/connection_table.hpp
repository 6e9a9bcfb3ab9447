#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "base/ipv4.hpp"

namespace cluster_lab::http {

class Connection;

/// All connections of a server, whom it owns, and how many each client has. Any thread.
class ConnectionTable {
 public:
  ConnectionTable();
  ~ConnectionTable();
  ConnectionTable(const ConnectionTable&) = delete;
  ConnectionTable& operator=(const ConnectionTable&) = delete;

  Connection& add(std::unique_ptr<Connection> connection);
  /// Closes it.
  void remove(Connection& connection);

  [[nodiscard]] std::size_t size() const;
  /// How many of them have that client (SocketName::client).
  [[nodiscard]] std::size_t sizeOf(std::uint64_t client) const;

  /// As Connection::shutDown(), for all.
  void shutDown(int how);
  /// Ends those that were made to that address of this machine.
  void shutDown(Ipv4 local);
  void awaitEmpty();
  /// false: not within that time.
  [[nodiscard]] bool awaitEmpty(std::chrono::milliseconds longest);

 private:
  mutable std::mutex mutex_;
  std::condition_variable emptied_;
  std::map<int, std::unique_ptr<Connection>> connections_;    // by socket; guarded by mutex_
  std::unordered_map<std::uint64_t, std::size_t> perClient_;  // guarded by mutex_
};

}  // namespace cluster_lab::http
